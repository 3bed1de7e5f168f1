"""What is worked out once is what moto works out each time."""

from __future__ import annotations

import inspect
import pkgutil
import re
import string
from importlib import import_module
from types import SimpleNamespace
from typing import Any, ClassVar

import moto
import pytest
import xmltodict
from flask import Flask, request
from moto.core import errors, responses
from moto.core.responses import BaseResponse
from moto.core.serialize import AttributePicker, AttributePickerContext, XFormedAttributePicker
from moto.core.utils import get_service_model
from moto.moto_api._internal.moto_random import MotoRandom
from werkzeug.datastructures import ImmutableMultiDict

from sandbox.aws import extensions

SERVICES = ("rds", "autoscaling", "elbv2", "route53", "s3")


@pytest.fixture(autouse=True)
def _installed(aws_server: Any) -> None:
    extensions.install_all()


def classes() -> set[type]:
    loaded = {each.name for each in pkgutil.iter_modules(moto.__path__) if each.ispkg}
    for name in loaded & {"ec2", "rds", "s3", "autoscaling", "elbv2", "iam", "stepfunctions", "acm"}:
        import_module(f"moto.{name}.responses")
    found, open_ = set(), [BaseResponse]
    while open_:
        below = set(open_.pop().__subclasses__()) - found
        found |= below
        open_ += below
    return found


def test_every_class_has_the_actions_it_has():
    assert len(classes()) > 20
    for each in classes():
        assert sorted(responses.method_names_from_class(each)) == [
            name for name, _ in inspect.getmembers(each, inspect.isfunction)
        ]
    assert responses.method_names_from_class(BaseResponse) is responses.method_names_from_class(BaseResponse)


def test_a_table_of_errors_is_kept(boto: Any):
    made = errors.ErrorLookupFactory()
    model = get_service_model("rds")
    found = errors.ErrorLookupFactory().for_service(model)
    assert errors.ErrorLookupFactory() is made
    assert found is made.for_service(model)
    assert found._code_to_error.keys() == made._create_error_lut(model)._code_to_error.keys()
    with pytest.raises(boto("rds").exceptions.DBClusterNotFoundFault):
        boto("rds").describe_db_clusters(DBClusterIdentifier="none")


class Bucket:
    """Whose members may go by its name."""


class Aliased(SimpleNamespace):
    """As the one class of moto that says so itself."""

    class Meta:
        serialization_aliases: ClassVar = {"StackId": "stack", "Name": "called"}


def members() -> Any:
    for service in SERVICES:
        model = get_service_model(service)
        open_ = [model.operation_model(each).output_shape for each in model.operation_names]
        seen: set[str] = set()
        while open_:
            shape = open_.pop()
            if shape is None or shape.name in seen:
                continue
            seen.add(shape.name)
            if shape.type_name == "list":
                open_.append(shape.member)
            elif shape.type_name == "structure":
                yield from ((key, member) for key, member in shape.members.items())
                open_ += shape.members.values()


def test_a_member_is_looked_for_where_moto_looks_for_it():
    """In the same order, without asking the same name twice."""
    picker, slow = XFormedAttributePicker(), AttributePicker()
    count = 0
    for key, shape in members():
        for of in ({}, Bucket(), Aliased(), None):
            context = AttributePickerContext(obj=of, key=key, shape=shape)
            wanted = [name for each in slow.get_possible_keys(context) for name in (each, xform(each))]
            for _ in range(2):
                assert list(picker.get_possible_keys(context)) == list(dict.fromkeys(wanted))
            count += 1
    assert count > 4_000


def xform(name: str) -> str:
    from botocore import xform_name

    return str(xform_name(name))


def test_no_class_is_made_for_a_request_and_its_form_is_read(aws_server: Any):
    app = Flask("x")
    app.debug = True
    view = lambda: f"{type(request.files) is ImmutableMultiDict} {request.form['a']}"  # noqa: E731
    app.add_url_rule("/", endpoint="x", view_func=view, methods=["POST"])
    assert app.test_client().post("/", data={"a": "b"}).text == "True b"


def test_ids_of_ec2_have_the_digits_and_the_length_that_they_have():
    from moto.ec2 import utils

    found = [utils.random_resource_id(17) for _ in range(300)]
    assert {len(each) for each in found} == {17}
    assert len(set(found)) == 300
    assert set("".join(found)) == set(utils.HEX_CHARS)
    assert re.fullmatch("fleet-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", utils.random_fleet_id())
    assert any(each.startswith("0") for each in found)


def test_a_name_that_xml_does_not_have_is_refused_each_time():
    for _ in range(2):
        assert xmltodict.unparse({"a": {"b": "c"}}).endswith("<a><b>c</b></a>")
        for name in ("a b", "a<b", 'a"b', "a/b"):
            with pytest.raises(ValueError, match="Invalid element name"):
                xmltodict.unparse({"a": {name: "c"}})


@pytest.mark.parametrize("digits", [True, False])
@pytest.mark.parametrize("small", [True, False])
def test_random_names_are_drawn_from_what_moto_draws_them_from(digits: bool, small: bool):
    drawn = MotoRandom(7).get_random_string(4000, include_digits=digits, lower_case=small)
    letters = string.ascii_lowercase + ("" if small else string.ascii_uppercase)
    assert set(drawn) == set(letters + (string.digits if digits else ""))
    assert len(drawn) == 4000
    assert drawn == MotoRandom(7).get_random_string(4000, include_digits=digits, lower_case=small)
    assert drawn != MotoRandom(8).get_random_string(4000, include_digits=digits, lower_case=small)
    assert len(MotoRandom().get_random_string()) == 20
