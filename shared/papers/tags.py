"""Reading the tags of a template as they stand on the page, against the names that the paper knows.

    {{ ten_to }}                     a value            {% if so %} … {% endif %}     within one paragraph
    {%p if … %}  {%p for … %}        whole paragraphs, the tag alone in its own one
    {%tr for d in danh_sach %}       whole rows of a table, the tag alone in its own row; then {{ d.ten_to }}
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from shared.naming import fold_name
from shared.papers.fields import Shape, Shapes
from shared.papers.templates import FILTERS, environment

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_SINGLE = re.compile(r"(?<!\{)\{\s*([A-Za-z_.]+)\s*\}(?!\})")
_PREFIX = re.compile(r"^-?(tr|tc|p|r)(?=\s|$)(\s?)")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
OPENERS = {"for": "endfor", "if": "endif"}
WORD_TAGS = ("vm", "hm", "cellbg", "colspan")
LOOP = {name: Shape(name, "", "text", {}) for name in ("index", "index0", "first", "last", "length")}


class Spot(NamedTuple):
    vi: str
    en: str
    beginning: str


NOWHERE = Spot("", "", "")


@dataclass(frozen=True, slots=True)
class Finding:
    """``vi`` and ``en``: what is wrong and how to mend it, one sentence."""

    spot: Spot
    tag: str
    vi: str
    en: str

    def told(self, lang: str = "vi") -> str:
        near = f" (“{self.spot.beginning}”)" if self.spot.beginning else ""
        return f"{self.spot.vi}{near}: {self.tag}: {self.vi}" if lang == "vi" else f"{self.spot.en}{near}: {self.tag}: {self.en}"

    def __str__(self) -> str:
        return self.told()


@dataclass(slots=True)
class Open:
    """A ``for`` or ``if`` that waits for its end. ``place``: the paragraph."""

    word: str
    prefix: str
    tag: str
    spot: Spot
    place: int
    names: Mapping[str, Shape]


@dataclass(slots=True)
class Reader:
    """Reads paragraph by paragraph, in the document's order."""

    known: Shapes
    found: list[Finding] = field(default_factory=list)
    _open: list[Open] = field(default_factory=list)
    _place: int = 0
    _spot: Spot = NOWHERE

    def read(self, spot: Spot, text: str, row: int | None, row_text: str) -> None:
        self._place += 1
        self._spot = spot
        for match in _TAG.finditer(text):
            self._tag(match.group(), text, row, row_text)
        rest = _TAG.sub(" ", text)
        for loose in _LOOSE.findall(rest):
            self._say(loose, "thẻ mở mà không đóng, hoặc đóng mà không mở, trong cùng một đoạn: viết đủ {{ … }} hay {% … %}",
                      "a tag that is opened or closed only, within one paragraph: write {{ … }} or {% … %} in full")
        for match in _SINGLE.finditer(rest):
            if match[1].split(".")[0] in self._names():
                right = f"{{{{ {match[1]} }}}}"
                self._say(match.group(), f"thiếu ngoặc: viết {right}", f"a brace is missing: write {right}")

    def end(self) -> None:
        for waiting in self._open:
            self.found.append(Finding(
                waiting.spot, waiting.tag, f"chưa đóng: thêm {{%{waiting.prefix} {OPENERS[waiting.word]} %}}",
                f"is never closed: add {{%{waiting.prefix} {OPENERS[waiting.word]} %}}",
            ))

    # -- one tag

    def _tag(self, tag: str, text: str, row: int | None, row_text: str) -> None:
        if tag.startswith("{#"):
            return
        inside = tag[2:-2].translate(_QUOTES)
        prefix = ""
        match = _PREFIX.match(inside)
        if match:
            prefix = match[1]
            if match[2] != " ":
                self._say(tag, f"sau {tag[:2]}{prefix} phải là dấu cách thường", f"a plain space must follow {tag[:2]}{prefix}")
                return
            inside = inside[match.end():]
            self._alone(tag, prefix, text, row, row_text)
        inside = inside.strip().strip("-").strip()
        if tag.startswith("{{"):
            self._print(tag, inside)
        else:
            self._statement(tag, prefix, inside, row)

    def _alone(self, tag: str, prefix: str, text: str, row: int | None, row_text: str) -> None:
        """docxtpl replaces the whole paragraph or row by the tag: what stands beside it is lost."""
        if prefix in ("tr", "tc") and row is None:
            self._say(tag, f"{{%{prefix} chỉ dùng trong bảng; ngoài bảng dùng {{%p",
                      f"{{%{prefix} belongs in a table; elsewhere use {{%p")
        elif prefix == "tr" and row_text.strip() != tag:
            self._say(tag, "phải đứng một mình trong một hàng riêng của bảng: chữ khác trong hàng ấy sẽ mất",
                      "must stand alone in a row of its own: anything else in that row is lost")
        elif prefix == "p" and text.strip() != tag:
            self._say(tag, "phải đứng một mình trong một đoạn riêng: chữ khác trong đoạn ấy sẽ mất",
                      "must stand alone in a paragraph of its own: anything else in it is lost")

    def _print(self, tag: str, inside: str) -> None:
        if not inside:
            self._say(tag, "thẻ rỗng: ghi tên trường, ví dụ {{ don_vi }}", "an empty tag: write a field, as {{ don_vi }}")
            return
        tree = self._parse(tag, f"{{{{ {inside} }}}}")
        output = next(iter(tree.find_all(nodes.Output)), None) if tree else None
        shape = self._shape(tag, output.nodes[0]) if output else None
        if shape is not None and shape.role == "rows":
            self._say(tag, f"{shape.name} là danh sách: dùng {{%tr for d in {shape.name} %}} … {{%tr endfor %}}",
                      f"{shape.name} is a list: use {{%tr for d in {shape.name} %}} … {{%tr endfor %}}")
        elif shape is not None and shape.role == "lines":
            self._say(tag, f"{shape.name} có nhiều dòng: dùng {{%p for d in {shape.name} %}} … {{%p endfor %}}",
                      f"{shape.name} holds several lines: use {{%p for d in {shape.name} %}} … {{%p endfor %}}")
        elif shape is not None and shape.role == "part":
            inner = ", ".join(f"{shape.name}.{name}" for name in list(shape.inner)[:4])
            self._say(tag, f"ghi thêm phần sau dấu chấm: {inner} …", f"say which part: {inner} …")

    def _statement(self, tag: str, prefix: str, inside: str, row: int | None) -> None:
        word = inside.split(" ")[0] if inside else ""
        if word in OPENERS:
            self._opened(tag, prefix, word, inside)
        elif word in OPENERS.values():
            self._closed(tag, prefix, word)
        elif word in ("else", "elif"):
            if not self._open or self._open[-1].word == "for":
                self._say(tag, f"{word} không đứng trong {{% if … %}} nào", f"{word} stands in no {{% if … %}}")
            elif word == "elif":
                self._condition(tag, inside.removeprefix("elif"))
        elif word not in WORD_TAGS:
            self._say(tag, "chỉ dùng được for, if, elif, else, endfor, endif; muốn in một trường thì viết {{ … }}",
                      "only for, if, elif, else, endfor, endif are known; to print a field write {{ … }}")

    def _opened(self, tag: str, prefix: str, word: str, inside: str) -> None:
        names: dict[str, Shape] = {}
        if word == "if":
            self._condition(tag, inside.removeprefix("if"))
        else:
            tree = self._parse(tag, f"{{% {inside} %}}{{% endfor %}}")
            loop = next(iter(tree.find_all(nodes.For)), None) if tree else None
            if loop is not None:
                names = self._loop(tag, loop)
        self._open.append(Open(word, prefix, tag, self._spot, self._place, names))

    def _loop(self, tag: str, loop: nodes.For) -> dict[str, Shape]:
        over = self._shape(tag, loop.iter)
        if not isinstance(loop.target, nodes.Name):
            self._say(tag, "viết: for TÊN in DANH_SÁCH, với một tên", "write: for NAME in LIST, with one name")
            return {}
        name = loop.target.name
        if over is not None and over.role not in ("rows", "lines"):
            self._say(tag, f"{over.name} không phải danh sách", f"{over.name} is no list")
            over = None
        inner: Shapes = over.inner if over is not None else {}
        role = "part" if over is None or over.role == "rows" else "text"
        # after a mistake in the list's name, what stands behind the dot cannot be judged
        item = Shape(name, "", "part" if role == "part" else "text", inner)
        return {name: item, "loop": Shape("loop", "", "part", LOOP)}

    def _closed(self, tag: str, prefix: str, word: str) -> None:
        if not self._open:
            self._say(tag, "đóng mà không có thẻ mở nào trước đó", "closes nothing: no tag was opened before it")
            return
        opened = self._open.pop()
        if OPENERS[opened.word] != word:
            self._say(tag, f"phải là {OPENERS[opened.word]}, để đóng {opened.tag} ({opened.spot.vi})",
                      f"must be {OPENERS[opened.word]}, which closes {opened.tag} ({opened.spot.en})")
        elif opened.prefix != prefix:
            self._say(tag, f"mở bằng {{%{opened.prefix} thì đóng bằng {{%{opened.prefix} {word} %}}",
                      f"opened with {{%{opened.prefix}, so close with {{%{opened.prefix} {word} %}}")
        elif not prefix and opened.place != self._place:
            self._say(opened.tag, "mở ở đoạn này mà đóng ở đoạn khác: dùng {%p cho đoạn văn, {%tr cho hàng của bảng",
                      "is closed in another paragraph: use {%p for paragraphs, {%tr for rows of a table")

    def _condition(self, tag: str, inside: str) -> None:
        tree = self._parse(tag, f"{{% if {inside} %}}{{% endif %}}")
        test = next(iter(tree.find_all(nodes.If)), None) if tree else None
        if test is not None:
            self._shape(tag, test.test)

    # -- what stands in it

    def _parse(self, tag: str, source: str) -> nodes.Template | None:
        try:
            return environment().parse(source)
        except TemplateSyntaxError as error:
            self._say(tag, f"không đọc được ({error.message}); ví dụ đúng: {{{{ ten_to }}}}",
                      f"cannot be read ({error.message}); a right one: {{{{ ten_to }}}}")
            return None

    def _shape(self, tag: str, node: nodes.Node) -> Shape | None:
        """What an expression is, or None; unknown names in it are said."""
        if isinstance(node, nodes.Name):
            known = self._names()
            if node.name not in known:
                self._unknown(tag, node.name, known)
            return known.get(node.name)
        if isinstance(node, nodes.Getattr):
            return self._behind(tag, self._shape(tag, node.node), node.attr)
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            listed = ", ".join(FILTERS)
            self._say(tag, f"không có bộ lọc {node.name}; có: {listed}", f"there is no filter {node.name}; there are: {listed}")
        for child in node.iter_child_nodes():
            self._shape(tag, child)
        return None

    def _behind(self, tag: str, base: Shape | None, attribute: str) -> Shape | None:
        if base is None or (base.role == "part" and not base.inner):
            return None
        if base.role == "text":
            self._say(tag, f"{base.name} là chữ, không có phần sau dấu chấm", f"{base.name} is text; nothing stands behind a dot")
        elif base.role != "part":
            self._say(tag, f"{base.name} là danh sách: dùng {{%tr for d in {base.name} %}} rồi {{{{ d.{attribute} }}}}",
                      f"{base.name} is a list: use {{%tr for d in {base.name} %}}, then {{{{ d.{attribute} }}}}")
        elif attribute not in base.inner:
            self._unknown(tag, attribute, base.inner, f"{base.name}.")
        else:
            return base.inner[attribute]
        return None

    def _unknown(self, tag: str, name: str, known: Mapping[str, Shape], before: str = "") -> None:
        folded = fold_name(name.replace("_", " ")).replace(" ", "_")
        near = [folded] if folded in known else difflib.get_close_matches(name.lower(), list(known), n=1)
        if near:
            vi, en = f"có phải {before}{near[0]}?", f"did you mean {before}{near[0]}?"
        else:
            listed = ", ".join(known)
            vi, en = f"có: {listed}", f"there are: {listed}"
        self._say(tag, f"không có trường {before}{name}; {vi}", f"there is no field {before}{name}; {en}")

    def _names(self) -> Mapping[str, Shape]:
        names = dict(self.known)
        for opened in self._open:
            names |= opened.names
        return names

    def _say(self, tag: str, vi: str, en: str) -> None:
        self.found.append(Finding(self._spot, tag, vi, en))
