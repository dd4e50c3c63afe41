"""The fields of calls in any language, found in the text.

They stand in the call itself, or in a variable of the same function: a form, a dictionary or a builder that the call
mentions. A request or an address in a variable is followed to where it is used. What else there may be is not known, so
no call has all its fields.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple

from vimmerse.compat.migrate.check.findings import words
from vimmerse.compat.migrate.check.recognition import UNKNOWN, CallPayload
from vimmerse.compat.migrate.check.text_fields import added_fields, copied_variables, read_fields
from vimmerse.compat.migrate.check.text_methods import method_of
from vimmerse.compat.migrate.check.text_structure import Brackets, statement
from vimmerse.compat.rules.engine import Operation

_DEFINITION = re.compile(
    r"""(?<![\w.$>\[])\$?(\w++)(?::[\w<>\[\],\ |:?]{1,60}?)?(?:\s*+,\s*+\w++)?\s*+:?=(?![=>~])
        |\bvar\s+(\w+)\s+(?=bytes\.Buffer)""",
    re.VERBOSE,
)
_BEFORE_VALUE = re.compile(r"\s*+(?:(?:await|new)\s++)?")
#: What a variable with only such fields is made by.
_FORM = re.compile(
    r"(?:FormData|URLSearchParams|MultipartFormDataContent|FormUrlEncodedContent|url\.Values|multipart\.NewWriter|"
    r"(?:okhttp3\.)?(?:FormBody|MultipartBody)\.Builder|Multipart(?:Entity|Body)Builder|[\w:]*\bForm::new)\b"
)
#: What a variable with fields among other things is made by; a call that is sent is none of these.
_BODY = re.compile(
    r"[{\[]|@\{|[\"'`]{1,3}\s*\{|\((?=\s*\w+\s*=>)|[\"'`]\w+=|(?:array|array_merge|Object\.assign|JsonSerializer\.Serialize|Map|mapOf|mutableMapOf|hashMapOf|linkedMapOf|Map\.of|JSON\.stringify|json_encode|http_build_query|"
    r"(?:qs|querystring)\.stringify|strings\.NewReader|&?bytes\.(?:NewBuffer|NewBufferString|NewReader|Buffer)|"
    r"json\.Marshal|RequestBody\.create|JsonContent\.Create|StringContent|Dictionary|(?:Array)?List|(?:Linked)?HashMap|"
    r"\w*MultiValueMap|JSONObject|map\[string\]\w+|Hash\.new)\b|&bytes\.Buffer"
)
#: What a variable that has the address of a call is made by.
_REQUEST = re.compile(
    r"""["'`]|\$"|\w+\s*[+.]\s*["'`]|(?:URL|URI|Uri|URI\.parse|URI\.join|curl_init|http\.NewRequest|HttpRequestMessage|
        http\.NewRequestWithContext|Net::HTTP::\w+\.new|(?:okhttp3\.)?Request\.Builder|fmt\.Sprintf|String\.format|
        sprintf|https?\.request|URLRequest|RestRequest|Http(?:Get|Post|Put|Patch|Delete))\b""",
    re.VERBOSE,
)
#: Before an address: a part of an expression that has the fields elsewhere; what only makes the address.
_BUILDER = re.compile(r"(?:\.url|\.uri|\bnewBuilder|\bHttpRequestMessage)$")
_ADDRESS = re.compile(r"(?:\bsprintf|\bformat!?|(?<!\.)\bur[il](?:(?:\.|::)(?:create|parse))?)$", re.IGNORECASE)
#: Before an address: its name in an object that has the fields, too; the condition of a block.
_URL_KEY = re.compile(r"""\b(?:url|uri|path)["']?\s*:(?!=)\s*[^,;{}\n]{0,80}$""", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:if|while|for|switch|catch|(?:function|func|fun|def)\s+\w*)\s*$")
#: A method that sets fields, of a chain behind or before the address; one that sets something else.
_SETTERS = (
    r"send|fields?|attach|form|json|multipart|query|body|bodyValue|part|set_?Body|set_?FormData|set_?Files?|"
    r"set_?QueryParams?|set_?Multipart\w*|with\w*(?:Form|Body)\w*"
)
_SETTER = re.compile(
    rf"\s{{0,80}}(?:\.|->)({_SETTERS}|type|set|headers?|accept|timeout|auth|bearer_auth)\(", re.IGNORECASE
)
_CHAIN = re.compile(rf"(?:\.|->)\s{{0,80}}(?:{_SETTERS})\(", re.IGNORECASE)
_BLOCK = re.compile(r"\s*(?:\{|do\b)")
_BLOCK_END = re.compile(r"^[ \t]*end\b", re.MULTILINE)
#: A command whose arguments have no parentheses; an annotation, before the parameters of its function.
_COMMAND = re.compile(
    r"(?:\b(?:wget|https?|xhs?|Invoke-\w+|irm|iwr)\s|\.(?:get|post|put|patch|delete)\s)", re.IGNORECASE
)
_ANNOTATION = re.compile(r"@(?:GET|POST|PUT|PATCH|DELETE)$")
_NEXT_ANNOTATION = re.compile(r"\n\s*\n|@(?:GET|POST|PUT|PATCH|DELETE)\b")
_FUNCTION = re.compile(r"^[ \t]*def\s", re.MULTILINE)  # which has no braces
#: What passes on the fields of another variable.
_ENCODED = re.compile(
    r"FormData\b|URLSearchParams|FormUrlEncodedContent|JSON\.stringify|json_encode|http_build_query|"
    r"(?:qs|querystring)\.stringify|strings\.NewReader|bytes\.New|json\.Marshal|RequestBody\.create|"
    r"JsonContent\.Create|StringContent|JSONObject"
)
#: A variable that is sent as a whole, not one of its items.
_MENTIONED = re.compile(
    r"(?<![\w.>])(\w++)(?!\s*[(:\[]|->|\??\.(?!(?:Encode|toString|build|Bytes|String|to_json|getBuffer)\b))"
)
#: Such a variable in an object literal: as a spread, as a body.
_PASSED_ON = re.compile(
    r"""\.\.\.(\w+)|(?:body|data|form|formData|json|params|searchParams|form_params|multipart|query)["']?\s*(?::|=>)
        \s*(?:JSON\.stringify\(|qs\.stringify\()?\$?(\w+)|(?<=[{,])\s*(body|data|form|formData|json)\s*(?=[,}])""",
    re.VERBOSE,
)
_WRITER = re.compile(r"multipart\.NewWriter\(&?(\w+)\)")
_CURL_URL = re.compile(r"curl_setopt\(\s*\$(\w+)\s*,\s*CURLOPT_URL\b")
_FILES = words("image image_files")  # their values are not text
_MAX_LENGTH = 3000  # characters from one place of a call to another, which makes the time linear
_MAX_PLACES = 40  # parts of one call
_MAX_VARIABLES = 10  # that pass on the fields of each other


class _Definition(NamedTuple):
    """A variable that is set."""

    name: str
    start: int
    value: int  # where its value starts
    block: tuple[int, int]


class Bodies:
    """The fields of the calls of a text."""

    def __init__(self, code: str, without_strings: str) -> None:
        self._code = code
        self._text = without_strings
        self._parentheses = Brackets(without_strings, "(", ")")
        self._braces = Brackets(without_strings, "{", "}")
        self._definitions: list[_Definition] = []
        self._starts: list[int] = []  # of the definitions
        self._by_name: dict[str, list[_Definition]] = defaultdict(list)
        for match in _DEFINITION.finditer(without_strings):
            block = self._braces.around(match.start())
            start = next(_BEFORE_VALUE.finditer(code, match.end())).end()
            definition = _Definition(match[1] or match[2], match.start(), start, block)
            self._definitions.append(definition)
            self._starts.append(match.start())
            self._by_name[definition.name].append(definition)
        self._added = added_fields(code)
        self._copied = copied_variables(code)
        self._fields_within = cache(partial(read_fields, code))
        self._end_of = cache(self._find_end)

    def payload(self, offset: int, operation: Operation) -> CallPayload | None:
        """The fields of the call with the address at ``offset``, as far as they are known."""
        values: dict[str, Any] = {}
        variables: dict[_Definition, int] = {}
        for start, end in self._regions(offset):
            for name, value in self._fields_within(start, end).items():
                if name in operation.by_field:
                    values.setdefault(name, value)
            for definition in self._variables(start, end):
                variables.setdefault(definition, end)
        for name, (value, certain) in self._fields_of(variables).items():
            if certain or name in operation.by_field:
                values.setdefault(name, value)
        for carrier in self._carriers(offset):
            if carrier is not None:
                for name, (value, _) in self._added_to(carrier, carrier.block[1], {}).items():
                    if name in operation.by_field:
                        values.setdefault(name, value)
        values |= dict.fromkeys(_FILES & values.keys(), UNKNOWN)
        return CallPayload(values, "form", False) if values else None

    # The parts of a call

    def _regions(self, offset: int) -> list[tuple[int, int]]:
        """The parts of the text that belong to the call with this address."""
        regions = list(self._regions_around(offset))
        carriers = self._carriers(offset)
        for carrier in carriers:
            if carrier is None or len(regions) >= _MAX_PLACES:
                continue
            for place in self._uses(carrier):
                is_argument = self._parentheses.around(place)[0] > self._braces.around(place)[0]
                regions.append((place, self._end_of(place, "" if is_argument else "{")))
                inner = self._defined_around(place) or self._curl_handle(place)
                if inner is not None and inner not in carriers:
                    carriers.append(inner)
        return regions[:_MAX_PLACES]

    def _regions_around(self, offset: int) -> Iterator[tuple[int, int]]:
        """The parts of the call itself: its arguments, and those of the methods that are chained to it."""
        start, end = self._parentheses.around(offset)
        if start > 0 and _ADDRESS.search(self._text, max(start - 20, 0), start):
            start, end = self._parentheses.around(start - 1)
        first, last = statement(self._code, offset)
        if not max(offset - _MAX_LENGTH, 0) <= start < end <= start + 2 * _MAX_LENGTH:
            opening, closing = self._braces.around(offset)
            if _COMMAND.search(self._code, first, offset):
                yield first, last
            elif opening >= max(offset - _MAX_LENGTH, 0) and _URL_KEY.search(self._code, max(offset - 120, 0), offset):
                yield opening, min(closing, opening + 2 * _MAX_LENGTH)
            return
        yield start, end
        if _BUILDER.search(self._text, max(start - 20, 0), start):
            yield start, self._end_of(start)
        elif _ANNOTATION.search(self._text, max(start - 20, 0), start):
            following = _NEXT_ANNOTATION.search(self._text, end, end + _MAX_LENGTH)
            yield end, following.start() if following else min(end + _MAX_LENGTH, len(self._text))
        elif _CHAIN.search(self._text, first, start):
            yield first, start
        while (setter := _SETTER.match(self._text, end + 1)) is not None:
            start, end = self._parentheses.around(setter.end() - 1)
            yield start, end
        if (block := _BLOCK.match(self._text, end + 1)) is None or _CONDITION.search(self._text, first, start):
            return
        if block[0][-1] == "{":
            yield self._braces.around(block.end() - 1)
        elif (closed := _BLOCK_END.search(self._text, end, end + _MAX_LENGTH)) is not None:
            yield end, closed.start()

    def _carriers(self, offset: int) -> list[_Definition | None]:
        """The variables that have the address at ``offset``, or a request with it."""
        carriers = [self._defined_around(offset), self._curl_handle(offset)]
        if _URL_KEY.search(self._code, max(offset - 120, 0), offset):
            brace = self._braces.around(offset)[0]
            index = bisect_right(self._starts, brace) - 1
            # The definition before the brace: that of the object, or one in which it is an argument.
            if index >= 0 and self._definitions[index].value == brace:
                carriers.append(self._definitions[index])
        return carriers

    def method(self, offset: int) -> str:
        """The method of the calls with the address at ``offset`` in a variable; empty if it is not known."""
        places = (place for carrier in self._carriers(offset) if carrier for place in self._uses(carrier))
        methods = {method_of(self._code, place) for place in islice(places, _MAX_PLACES)} - {""}
        return methods.pop() if len(methods) == 1 else ""

    def _defined_around(self, offset: int) -> _Definition | None:
        """The variable whose value is the address or the request at ``offset``."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        definition = self._definitions[index]
        is_near = offset - definition.value <= _MAX_LENGTH and offset <= self._end_of(definition.value)
        return definition if is_near and _REQUEST.match(self._code, definition.value) else None

    def _curl_handle(self, offset: int) -> _Definition | None:
        """PHP's handle of the request whose address is at ``offset``."""
        option = _CURL_URL.search(self._code, max(offset - 100, 0), offset)
        return None if option is None else self._definition(option[1], option.start())

    def _uses(self, definition: _Definition) -> Iterator[int]:
        """Where a variable is used, until it is set again."""
        start = self._end_of(definition.value)
        end = min(definition.block[1], start + _MAX_LENGTH)
        same = self._by_name[definition.name]
        following = bisect_right(same, start, key=lambda each: each.start)
        end = min(end, same[following].start) if following < len(same) else end
        for place in re.finditer(rf"(?<![\w.>]){re.escape(definition.name)}\b", self._text[start:end]):
            yield start + place.start()

    def _variables(self, start: int, end: int) -> Iterator[_Definition]:
        """The variables with fields that a part of a call mentions."""
        names = dict.fromkeys(_MENTIONED.findall(self._text, start, end))
        for name in list(names)[:_MAX_PLACES]:
            definition = self._definition(name, start)
            if definition is not None:
                yield definition

    def _definition(self, name: str, offset: int) -> _Definition | None:
        """The last definition of a variable before ``offset`` in a block around it."""
        definitions = self._by_name.get(name, [])
        index = bisect_right(definitions, offset, key=lambda each: each.start)
        for definition in definitions[max(index - _MAX_PLACES, 0) : index][::-1]:
            is_near = definition.start >= offset - 2 * _MAX_LENGTH
            if not is_near or _FUNCTION.search(self._text, definition.start, offset) is not None:
                return None
            if offset <= definition.block[1]:
                return definition
        return None

    # The fields

    def _fields_of(self, variables: dict[_Definition, int]) -> dict[str, tuple[Any, bool]]:
        """The fields of variables, each up to an offset, with whether they are certainly sent as fields."""
        fields: dict[str, tuple[Any, bool]] = {}
        definitions = list(variables)
        for definition in definitions[:_MAX_PLACES]:
            self._add_fields_of(definition, variables[definition], fields)
        return fields

    def _add_fields_of(self, definition: _Definition, end: int, fields: dict[str, tuple[Any, bool]]) -> None:
        definitions = [definition]
        for each in definitions:
            is_form = _FORM.match(self._code, each.value) is not None
            if not is_form and _BODY.match(self._code, each.value) is None:
                continue
            for name, field in self._fields_of_one(each, end, is_form).items():
                fields.setdefault(name, field)
            for inner in (*self._passed_on(each), *self._writers(each, end)):
                if inner not in definitions and len(definitions) < _MAX_VARIABLES:
                    definitions.append(inner)

    def _fields_of_one(self, definition: _Definition, end: int, is_form: bool) -> dict[str, tuple[Any, bool]]:
        fields: dict[str, tuple[Any, bool]] = {}
        for name, value in self._fields_within(definition.value, self._end_of(definition.value)).items():
            fields[name] = value, False
        for name, (value, by_method) in self._added_to(definition, end, fields).items():
            fields[name] = value, is_form and by_method
        return fields

    def _added_to(self, definition: _Definition, end: int, before: Collection[str]) -> dict[str, tuple[Any, bool]]:
        """What is added to a variable before ``end``, and whether by a method. ``before``: the fields that it had."""
        fields: dict[str, tuple[Any, bool]] = {}
        added = self._added.get(definition.name, [])
        first = bisect_right(added, definition.start, key=lambda each: each.place)
        for each in added[first : first + 5 * _MAX_PLACES]:
            if each.place < end and self._definition(definition.name, each.place) is definition:
                # What is set more than once may have several values.
                is_set = each.name in fields or each.name in before
                fields[each.name] = UNKNOWN if is_set else each.value, each.by_method
        return fields

    def _passed_on(self, definition: _Definition) -> Iterator[_Definition]:
        """The variables whose fields a variable passes on."""
        start, end = definition.value, self._end_of(definition.value)
        names = _PASSED_ON.findall(self._code, start, end)
        words = [next(filter(None, each)) for each in names]
        if _ENCODED.match(self._code, start):
            words += _MENTIONED.findall(self._text, start, end)
        for word in list(dict.fromkeys(words))[:_MAX_PLACES]:
            inner = self._definition(word, definition.start - 1)
            if inner is not None:
                yield inner
        for place, name in self._copied.get(definition.name, [])[:_MAX_PLACES]:
            if self._definition(definition.name, place) is definition:
                inner = self._definition(name, place)
                if inner is not None:
                    yield inner

    def _writers(self, buffer: _Definition, end: int) -> Iterator[_Definition]:
        """Go's writers of a form into this buffer."""
        first = bisect_right(self._starts, buffer.start)
        for definition in self._definitions[first : first + _MAX_PLACES]:
            written = _WRITER.match(self._text, definition.value)
            if definition.start < end and written is not None and written[1] == buffer.name:
                yield definition

    def _find_end(self, start: int, stop: str = "") -> int:
        """Where the expression ends that starts here, or before ``stop``; ``start`` if it is too long."""
        depth = 0
        for token in re.finditer(r"[()\[\]{};]|\n(?!\s*[.?+&|{])", self._text[start : start + _MAX_LENGTH]):
            if depth == 0 and token[0] == stop:
                return start + token.start()
            if token[0] in "([{":
                depth += 1
            elif token[0] in ")]}":
                depth -= 1
                if depth < 0:
                    return start + token.start()
            elif depth == 0:
                return start + token.start()
        return min(start + _MAX_LENGTH, len(self._text)) if depth == 0 else start
