"""The methods of a REST API: paths, who may use each, what a request must have, and where each leads."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.edge import json_schema, rest_paths
from components.edge.api_args import IAM, NONE, FunctionTarget, Target, UrlTarget
from components.edge.api_parts import HTTPS, link, permission
from components.edge.rest_api_args import POOL, RestApiArgs, RestRoute
from components.edge.rest_requests import RequestShape

KINDS = {NONE: "NONE", IAM: "AWS_IAM"}
"""Of authorization, for what isn't an authorizer's name."""


class RestMethods:
    """What is deployed together, as children of the API's component."""

    def __init__(
        self, name: str, args: RestApiArgs, api: aws.apigateway.RestApi, opts: pulumi.ResourceOptions
    ) -> None:
        self._name, self._args, self._api, self._opts = name, args, api, opts
        self._ids: dict[str, pulumi.Output[str]] = {"/": api.root_resource_id}
        for path in rest_paths.tree(rest_paths.split(route.route_key)[1] for route in args.routes.values()):
            self._ids[path] = self._resource(path)
        self._authorizers = {each: self._authorizer(each) for each in args.authorizers}
        self._validators: dict[str, aws.apigateway.RequestValidator] = {}
        self._link = link(name, args, opts)
        for each, target in args.targets.items():
            if isinstance(target, FunctionTarget):
                permission(f"{name}-{each}-permission", target, api.execution_arn, opts)
        self.deployed: dict[str, Any] = {
            "routes": {each: self._method(each, route) for each, route in args.routes.items()},
            "authorizers": {each: made.provider_arns for each, made in self._authorizers.items()},
        }
        """All that a deployment copies: what changes here must be deployed anew."""

    def _resource(self, path: str) -> pulumi.Output[str]:
        return aws.apigateway.Resource(
            f"{self._name}-{rest_paths.label(path)}",
            rest_api=self._api.id,
            parent_id=self._ids[rest_paths.parent(path)],
            path_part=path.rpartition("/")[2],
            opts=self._opts,
        ).id

    def _authorizer(self, each: str) -> aws.apigateway.Authorizer:
        pool = POOL.fullmatch(self._args.authorizers[each].issuer)
        assert pool is not None  # noqa: S101  the arguments' check makes sure
        account = aws.get_caller_identity_output(
            opts=pulumi.InvokeOutputOptions(parent=self._opts.parent)
        ).account_id
        arn = pulumi.Output.concat(
            f"arn:aws:cognito-idp:{pool['region']}:", account, f":userpool/{pool['pool']}"
        )
        return aws.apigateway.Authorizer(
            f"{self._name}-{each}",
            rest_api=self._api.id,
            name=each,
            type="COGNITO_USER_POOLS",
            identity_source="method.request.header.Authorization",
            provider_arns=[arn],
            opts=self._opts,
        )

    def _method(self, each: str, route: RestRoute) -> dict[str, Any]:
        method, path = rest_paths.split(route.route_key)
        target = self._args.targets[route.to]
        asked = self._asked(each, route.request)
        passed = [] if isinstance(target, FunctionTarget) else rest_paths.parameters(path)
        parameters = {**{f"method.request.path.{name}": True for name in passed}, **asked.pop("parameters")}
        authorizer = self._authorizers[route.auth].id if route.auth in self._authorizers else None
        made = aws.apigateway.Method(
            f"{self._name}-{each}",
            rest_api=self._api.id,
            resource_id=self._ids[path],
            http_method=method,
            authorization=KINDS[route.auth] if authorizer is None else "COGNITO_USER_POOLS",
            authorizer_id=authorizer,
            authorization_scopes=list(route.scopes) or None,
            request_parameters=parameters or None,
            **asked,
            opts=self._opts,
        )
        given = self._leads(target, method, path, passed)
        integration = aws.apigateway.Integration(
            f"{self._name}-{each}-integration",
            rest_api=self._api.id,
            resource_id=self._ids[path],
            http_method=made.http_method,
            timeout_milliseconds=self._args.seconds * 1000,
            **given,
            opts=self._opts,
        )
        # What was asked for, not what was made of it: a plan takes an output that AWS leaves out for one that isn't known yet.
        return {
            "ids": [made.id, integration.id],
            "key": route.route_key,
            "auth": [route.auth, authorizer, *route.scopes],
            "parameters": parameters,
            "request": json_schema.written(route.request.body)
            if route.request and route.request.body
            else None,
            "validator": asked.get("request_validator_id"),
            "leads": given,
            "seconds": self._args.seconds,
        }

    def _leads(self, target: Target, method: str, path: str, passed: list[str]) -> dict[str, Any]:
        """An integration's arguments."""
        if isinstance(target, FunctionTarget):
            return {"type": "AWS_PROXY", "integration_http_method": "POST", "uri": target.invoke_arn}
        there = path.replace("+}", "}")
        mapped = {f"integration.request.path.{name}": f"method.request.path.{name}" for name in passed}
        found: dict[str, Any] = {
            "type": "HTTP_PROXY",
            "integration_http_method": method,
            "request_parameters": mapped or None,
        }
        if isinstance(target, UrlTarget):
            return {**found, "uri": f"{target.url.rstrip('/')}{there}"}
        assert self._link is not None  # noqa: S101  asked for with such a target
        return {
            **found,
            "uri": f"https://{target.server_name}:{HTTPS}{there}",
            "connection_type": "VPC_LINK",
            "connection_id": self._link.id,
            "integration_target": pulumi.Output.from_input(target.listener_arn).apply(balancer_of),
        }

    def _asked(self, each: str, request: RequestShape | None) -> dict[str, Any]:
        """A method's arguments that say what a request must have."""
        if request is None:
            return {"parameters": {}}
        found: dict[str, Any] = {
            "parameters": {
                **{f"method.request.header.{name}": True for name in request.headers},
                **{f"method.request.querystring.{name}": True for name in request.query},
            }
        }
        if request.body is not None:
            model = aws.apigateway.Model(
                f"{self._name}-{each}-body",
                rest_api=self._api.id,
                name=f"{each.replace('-', 'X')}Body",  # letters and digits alone; route names are in small letters
                content_type="application/json",
                schema=json_schema.written(request.body),
                opts=self._opts,
            )
            found["request_models"] = {"application/json": model.name}
        return {
            **found,
            "request_validator_id": self._validator(
                body=request.body is not None, parameters=bool(found["parameters"])
            ),
        }

    def _validator(self, *, body: bool, parameters: bool) -> pulumi.Output[str]:
        what = "whole" if body and parameters else "body" if body else "parameters"
        if what not in self._validators:
            self._validators[what] = aws.apigateway.RequestValidator(
                f"{self._name}-{what}",
                rest_api=self._api.id,
                name=what,
                validate_request_body=body,
                validate_request_parameters=parameters,
                opts=self._opts,
            )
        return self._validators[what].id


def balancer_of(listener_arn: str) -> str:
    """The ARN of the load balancer of a listener, by which a VPC link of version 2 knows it; the URI's port says which listener.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
    """
    return listener_arn.replace(":listener/", ":loadbalancer/").rpartition("/")[0]
