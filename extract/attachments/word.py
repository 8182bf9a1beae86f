"""Reads .docx files: paragraphs and tables in their order, merged cells kept."""

from io import BytesIO
from typing import Any

from extract.attachments.bounds import open_archive
from extract.attachments.contents import AttachmentError, FileCell, Span, Writer

_MOST_ROWS = 100_000


def read_docx(data: bytes, name: str, writer: Writer) -> None:
    """Read a .docx into a tree; numbering that Word makes itself is not printed text.

    Macros never run: only text is read. Raises AttachmentError for a damaged file.
    """
    # The bounds first: python-docx unpacks whatever it is given.
    open_archive(data, name).close()
    from docx import Document  # noqa: PLC0415 - only files of this kind need it
    from docx.table import Table  # noqa: PLC0415

    try:
        document = Document(BytesIO(data))
        tables = 0
        for number, block in enumerate(document.iter_inner_content(), 1):
            if isinstance(block, Table):
                tables += 1
                _write_table(block, f"table{tables}", writer)
                if len(block._tbl.tr_lst) > _MOST_ROWS:
                    message = f"{name} has an endless table: rows 1 to {_MOST_ROWS} were read"
                    writer.problems.append(("attachment_cut", message))
            else:
                writer.paragraph(block.text, f"p{number}")
    except AttachmentError:
        raise
    except Exception as error:  # python-docx passes on what zip, XML and its own model raise
        message = f"{name} is damaged: it cannot be read as .docx"
        raise AttachmentError("attachment_damaged", message) from error


def _write_table(table: Any, place: str, writer: Writer) -> None:
    """Write the rows of a table; a cell that goes on below is written once with its height."""
    grid = [_row_cells(row) for row in list(table.rows)[:_MOST_ROWS]]
    rows = []
    for index, cells in enumerate(grid):
        own = []
        for column, (cell, width, continues) in cells.items():
            if continues:
                continue
            height = 1
            while index + height < len(grid):
                below = grid[index + height].get(column)
                if below is None or not below[2]:
                    break
                height += 1
            text = " ".join(paragraph.text for paragraph in cell.paragraphs)
            own.append(FileCell(text, Span(height, width)))
        rows.append((f"{place}!{index + 1}", own))
    writer.table(rows)


def _row_cells(row: Any) -> dict[int, tuple[Any, int, bool]]:
    """Cells of a row by column: the cell, its width, whether it goes on from above."""
    from docx.table import _Cell  # noqa: PLC0415

    cells = {}
    column = row.grid_cols_before
    # The public list of cells repeats merged ones; the elements below it do not.
    for element in row._tr.tc_lst:
        width = max(1, element.grid_span)
        cells[column] = (_Cell(element, row), width, element.vMerge == "continue")
        column += width
    return cells
