"""Headers are read as Python reads them, whatever comes."""

from __future__ import annotations

import http.client
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox import headers
from sandbox.headers import _parsed, parse, parse_headers

PLAIN = b"Host: 127.0.0.1:80\r\nX-Amz-Meta-a_b:  two  \r\nEmpty:\r\nHost: again\r\n\r\n"
names = st.sampled_from(["Host", "content-type", "X-Amz-Meta-a_b", "From", "a", "", "x y", "é"])
values = st.one_of(
    st.sampled_from(["text/xml", "multipart/mixed; boundary=x", "message/rfc822", "multipart/form-data", ""]),
    st.text(st.characters(max_codepoint=255), max_size=8),
)
lines = st.builds(
    lambda name, colon, value, end: f"{name}{colon}{value}{end}",
    names,
    st.sampled_from([":", ": ", ":\t ", " : ", ""]),
    values,
    st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r\n ", "\r"]),
)


def told(message: http.client.HTTPMessage) -> object:
    kinds, parts = [type(each) for each in message.defects], message.get_payload()
    body = [told(each) for each in parts] if isinstance(parts, list) else parts
    return message.items(), body, kinds, message.is_multipart(), message.get_content_type()


@given(st.lists(lines, max_size=4).map("".join))
@example(PLAIN.decode().removesuffix("\r\n"))
@example("From a b: c\r\n")
@example("a: b\x85c: d\r\n")
@example("a: b\rc: d\r\n")
@example("Content-Type: multipart/mixed\r\n")
def test_they_are_what_python_reads(text):
    head = f"{text}\r\nbody".encode("iso-8859-1")
    quick, slow = io.BytesIO(head), io.BytesIO(head)
    assert told(parse_headers(quick)) == told(_parsed(slow))
    assert quick.read() == slow.read()


def test_plain_ones_are_read_line_by_line():
    found = parse(PLAIN.decode())
    assert found.items() == [
        ("Host", "127.0.0.1:80"),
        ("X-Amz-Meta-a_b", "two  "),
        ("Empty", ""),
        ("Host", "again"),
    ]
    assert parse("a: b\r\n folded\r\n\r\n") is None


@pytest.mark.parametrize("head", [b"a: b\r\n" * 200, b"a: " + b"b" * 70_000 + b"\r\n\r\n"])
def test_too_many_and_too_long_ones_are_refused_as_before(head):
    with pytest.raises(http.client.HTTPException):
        parse_headers(io.BytesIO(head))


def test_the_server_reads_them_so(boto, monkeypatch):
    read = []
    monkeypatch.setattr(headers, "parse", lambda text, kind: read.append(text) or parse(text, kind))
    boto("s3").list_buckets()
    assert ["GET / HTTP" in each or "Authorization" in each for each in read] == [
        True,
        False,
    ]  # request, answer
