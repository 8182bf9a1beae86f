"""The declaration of the table of places, which no page gives but the packed lists do."""

from datasets.schema import Table, own

PLACES = Table(
    "places",
    "One name of one division: all from province to town in the yearly lists of the National "
    "Bureau of Statistics, and the villages that other tables name. Join on `code` with the rows "
    "of `is_last_name`.",
    "place_id",
    ("code", "valid_from"),
    ("level",),
    (
        own("place_id", "string", "Row id over code and name.", "2fd4a1c5b8e0937d"),
        own(
            "code",
            "string",
            "Division code of 2 (province), 4, 6, 9 or 12 (village) digits, as in "
            "`units.place_code`.",
            "510722101",
        ),
        own("name", "string", "Official name.", "潼川镇"),
        own("level", "string", "province, city, county, town or village.", "town"),
        own("parent_code", "string?", "Code of the division it lies in.", "510722"),
        own(
            "path",
            "string",
            "Names from the province down, as they were in the last list that has this name; "
            "without levels that are no division (市辖区) or repeat their city (东莞市).",
            "四川省/绵阳市/三台县/潼川镇",
        ),
        own("province", "string?", "Province of the path.", "四川省"),
        own("city", "string?", "Prefecture of the path; null where there is none.", "绵阳市"),
        own("county", "string?", "County of the path.", "三台县"),
        own("town", "string?", "Town of the path.", "潼川镇"),
        own("village", "string?", "Village of the path.", "草堂社区居民委员会"),
        own(
            "valid_from",
            "time?",
            "Day of the first list that has this name under this code, the first of all being of "
            "2016-07-31; of what was gone before the lists the end of its first year, null when "
            "that is not known; of what came after the latest list the day of the document.",
            "2016-07-31T00:00:00+08:00",
        ),
        own(
            "valid_to",
            "time?",
            "Day of the last list that has it, though lists in between may lack it; of what was "
            "gone before the lists the end of its last year, of what ended after the latest list "
            "the day of the document. Null when it stands.",
            "2020-06-30T00:00:00+08:00",
        ),
        own(
            "is_last_name",
            "bool",
            "Whether no other name stood under this code later; true in one row per code.",
            "true",
        ),
        own(
            "successor_codes",
            "string",
            "Codes of what it became by the latest list, or by a document after it; mostly derived "
            "from the names of villages, not official. Empty while its code stands, when nothing "
            "is known, and for villages.",
            "330102 / 330114",
        ),
    ),
)
