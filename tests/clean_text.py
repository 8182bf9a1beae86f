"""Clean Chinese text in words of our own, with real place names, as much of it as is asked for."""

import random

from normalize.gazetteer import load_gazetteer

_SENTENCES = (
    "{date}，{place}召开城乡社区治理工作会议，{title}{name}作了讲话。",
    "记者从{place}民政局了解到，今年以来，全市新建社区服务站{n}个，覆盖居民{m}万人。",
    "经各地推荐、专家评审、社会公示，确定{place}等{n}个单位为第{batch}批实验区。",
    "“办好一件实事，胜过讲一百句话。”{place}党支部书记{name}这样说。",
    "该镇坚持党建引领，将矛盾纠纷化解在基层，群众满意率达到{p}%。",
    "{place}投入资金{m}万元，改造老旧小区{n}个，惠及群众{k}户。",
    "现将《关于开展{place}乡村治理试点的通知》印发给你们，请认真贯彻执行！",
    "这里曾经是一片荒地，现在建起了图书馆、体育馆和养老院，老人们有了去处。",
    "问起变化，居民{name}说：“路宽了，灯亮了，办事不用跑远了，还有什么不满意的呢？”",
    "公示期间，如有异议，请以书面形式向{place}民政局反映，联系电话：028-{phone}。",
    "据统计，全县共有社会组织{n}家，其中社会团体{k}家、民办非企业单位{n}家、基金会3家。",
    "{place}创新“网格员+志愿者+物业”机制，发现问题{k}件，解决{n}件，办结率{p}%。",
    "下一步，当地将继续完善制度，确保可持续发展，让改革成果惠及更多家庭。",
    "本次评选分为三类：示范街道{n}个、示范社区{k}个、示范村{n}个。",
    "（{name}、{name}）",
    "检查组先后实地察看了{place}便民服务中心、警务室、卫生院，随后听取了汇报。",
    "过去，这条巷子坑洼难行；如今，石板铺平了，墙面刷白了，还种上了桂花树。",
    "各县（市、区）民政局，经济技术开发区社会事务局：",
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "建国志强秀英晓东丽娟海涛国华永红春梅文博子轩雨欣明辉桂兰卫民玉珍少华德胜长林静怡"
_TITLES = ("市长", "副县长", "民政局局长", "街道办主任", "党委书记")


def make_lines(number: int, seed: int) -> list[str]:
    """Make lines of one to four sentences."""
    rng = random.Random(seed)
    places = [
        load_gazetteer()[code].name for code in rng.sample(sorted(load_gazetteer().codes), 4000)
    ]
    return [
        "".join(_sentence(rng, places) for _ in range(rng.randint(1, 4))) for _ in range(number)
    ]


def _sentence(rng: random.Random, places: list[str]) -> str:
    name = rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.randint(1, 2)))
    return rng.choice(_SENTENCES).format(
        place=rng.choice(places),
        name=name,
        title=rng.choice(_TITLES),
        date=f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
        n=rng.randint(2, 99),
        k=rng.randint(100, 9999),
        m=f"{rng.randint(1, 900)}.{rng.randint(1, 9)}",
        p=f"9{rng.randint(0, 9)}.{rng.randint(1, 9)}",
        batch=rng.choice("一二三四五"),
        phone=rng.randint(20000000, 89999999),
    )
