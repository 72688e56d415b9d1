"""Make the card for the wall, one page in large print: ``python -m tools.quick_start``.

Needs ``typst`` (``pip install typst``). Its letters are those that matplotlib brings along; the
page is tagged, so that it can be read aloud.
"""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Final

import matplotlib

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
TEXT: Final = DOCS / "quick-start.typ"
CARD: Final = TEXT.with_suffix(".pdf")


def main() -> int:
    """Write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=CARD, metavar="FILE")
    out = parser.parse_args().out
    out.write_bytes(made())
    print(out)
    return 0


def made() -> bytes:
    """Return the card as a PDF for everybody (PDF/UA-1)."""
    typst = importlib.import_module("typst")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    pdf: bytes = typst.compile(TEXT, font_paths=[fonts], pdf_standards="ua-1", timestamp=0)
    return pdf


if __name__ == "__main__":
    sys.exit(main())
