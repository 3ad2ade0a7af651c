"""Whose report it is: brand.yaml, a client's own keys over it, and logos that can do no harm."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import clients
import pytest
from PIL import Image
from servicegap.problems import Refused
from servicegap.run import logo
from servicegap.run.branding import branding

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60">{}</svg>'


def png(width: int = 300, height: int = 100, form: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "#0a7").save(out, form)
    return out.getvalue()


@pytest.fixture
def firm(tmp_path: Path):
    """A client in a folder of clients; gives a function that writes settings and loads it."""
    return lambda **brand: clients.make(
        tmp_path / "clients" / "elm", settings={"brand": brand} if brand else {}
    )


def wide(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "clients" / "brand.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_brand_it_looks_as_it_always_did(firm) -> None:
    made = branding(firm())
    assert (made.brand.name, made.brand.logo, made.files, made.remarks) == ("", b"", {}, ())


def test_the_clients_own_keys_win_one_by_one(tmp_path: Path, firm) -> None:
    wide(tmp_path, "name: Oak Advice\ncolour: '#1f4e79'\nfooter: Oak\n")
    made = branding(firm(footer="for Elm only"))
    assert (made.brand.name, made.brand.ground) == ("Oak Advice", "#1f4e79")
    assert made.brand.footer == "for Elm only"
    assert list(made.files) == ["brand/brand.yaml"]


def test_a_brand_can_be_named(tmp_path: Path, firm) -> None:
    wide(tmp_path, "name: Oak\n")
    other = tmp_path / "other.yaml"
    other.write_text("name: Ash\n")
    assert branding(firm(), other).brand.name == "Ash"


def test_a_colour_that_can_not_be_read_is_mended_and_said(firm) -> None:
    made = branding(firm(colour="#ffcc00"))
    assert (made.brand.ground, made.brand.on_ground) == ("#ffcc00", "#1d2733")
    assert made.remarks and "#ffcc00" in made.remarks[0]


@pytest.mark.parametrize("data", [png(), png(form="JPEG"), SVG.format("<rect/>").encode()])
def test_a_logo_becomes_a_png_of_our_own(tmp_path: Path, firm, data: bytes) -> None:
    client = firm(logo="logo.any")
    (client.folder / "logo.any").write_bytes(data)
    made = branding(client)
    assert made.brand.logo.startswith(b"\x89PNG") and made.brand.logo != data
    assert made.brand.logo_width <= 800 and made.brand.logo_height <= 320
    assert made.files == {"logo.any": client.folder / "logo.any"}
    assert branding(client).brand == made.brand, "the same bytes again"


def test_nothing_but_pixels_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png() + b"<script>alert(1)</script>")
    assert b"script" not in logo.read(path, tmp_path).png


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="file:///etc/passwd" width="9" height="9"/>',
        '<image href="https://evil.example/x.png" width="9" height="9"/>',
        '<image href="other.png" width="9" height="9"/>',
        '<rect onload="alert(1)"/>',
        "<foreignObject><p/></foreignObject>",
        '<a href="javascript:alert(1)"><rect/></a>',
    ],
)
def test_an_svg_that_is_more_than_a_drawing_is_refused(tmp_path: Path, firm, inside: str) -> None:
    client = firm(logo="logo.svg")
    (client.folder / "logo.svg").write_text(SVG.format(inside))
    with pytest.raises(Refused, match=r"logo.*save it as PNG"):
        branding(client)


def test_an_svg_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    text = f'<!DOCTYPE svg [<!ENTITY a0 "x">{entities}]>' + SVG.format("<text>&a9;</text>")
    (tmp_path / "a.svg").write_text(text)
    with pytest.raises(logo.Unusable):
        logo.read(tmp_path / "a.svg", tmp_path)


@pytest.mark.parametrize(
    "name", ["../secret.png", "link.png", "/etc/hostname", "gone.png", "a.gif"]
)
def test_a_logo_lies_in_its_folder_and_is_a_picture(tmp_path: Path, firm, name: str) -> None:
    client = firm(logo=name)
    (client.folder.parent / "secret.png").write_bytes(png())
    (client.folder / "link.png").symlink_to(client.folder.parent / "secret.png")
    (client.folder / "a.gif").write_bytes(b"GIF89a")
    with pytest.raises(Refused, match=r"can't be the logo"):
        branding(client)


def test_a_picture_that_is_huge_or_broken_is_refused(tmp_path: Path) -> None:
    for data in (png(6000, 6000), png()[:60], b"\x89PNG" + b"0" * 3_000_000):
        (tmp_path / "a.png").write_bytes(data)
        with pytest.raises(logo.Unusable):
            logo.read(tmp_path / "a.png", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour: blue\n", "“blue” is not a colour"),
        ("colour: #1f4e79\n", "the colour is empty"),
        ("color: '#123456'\n", "nothing reads this key"),
        ("- a\n", "holds no keys"),
        ("name: [a]\n", "one text"),
        ("name: " + "x" * 400, "longer than"),
        ("name: 'x\n", "can't be read"),
    ],
)
def test_what_is_wrong_is_said_by_file_and_key(tmp_path: Path, firm, text: str, said: str) -> None:
    wide(tmp_path, text)
    with pytest.raises(Refused, match=r"brand\.yaml") as refused:
        branding(firm())
    assert said in str(refused.value)
