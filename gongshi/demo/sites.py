"""Serves the three demo sites on 127.0.0.1 and declares them as sources."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from gongshi.demo.render import render_sites, render_source
from gongshi.demo.server import DemoServer


@dataclass(frozen=True, slots=True)
class DemoSites:
    """The demo sites while they are served."""

    ports: Mapping[str, int]
    """Port of each site by source id. Example: `{"demo_forum": 40123}`"""
    sources_folder: Path
    """Folder with one source declaration per site, gone when the sites stop."""

    @property
    def source_ids(self) -> tuple[str, ...]:
        """Ids of the three sources.

        >>> DemoSites({"demo_forum": 40123}, Path()).source_ids
        ('demo_forum',)
        """
        return tuple(self.ports)


@contextmanager
def serve_demo_sites() -> Iterator[DemoSites]:
    """Serve the province's notices, the local news and the forum until the block ends.

    >>> with serve_demo_sites() as sites:
    ...     sorted(path.name for path in sites.sources_folder.iterdir())
    ['demo_forum.toml', 'demo_local_news.toml', 'demo_province_notices.toml']
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="gongshi-demo-")))
        ports = {}
        for source_id, pages in render_sites().items():
            server = stack.enter_context(DemoServer(pages))
            thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            ports[source_id] = server.port
            declaration = render_source(source_id, server.port)
            (folder / f"{source_id}.toml").write_text(declaration, encoding="utf-8")
        yield DemoSites(ports, folder)
