"""Users of ElastiCache that change and go, and their groups.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
"""

from __future__ import annotations

from typing import Any

from sandbox.aws.extensions._elasticache_store import Document, answer, refuse, store_of, tag


def modify_user(self: Any) -> Any:
    """Answer `ModifyUser`."""
    user, asked = _user(self, self.params["UserId"]), self.params
    user.access_string = asked.get("AccessString") or user.access_string
    mode = asked.get("AuthenticationMode") or {}
    if mode:
        user.authentication_type = mode["Type"]
        user.passwords = list(mode.get("Passwords") or ())
        user.no_password_required = mode["Type"] == "no-password-required"
    return answer(_shown_user(self, user))


def describe_users(self: Any) -> Any:
    """Answer `DescribeUsers`, of one when one is asked for."""
    wanted = self.params.get("UserId")
    users = [_user(self, wanted)] if wanted else self.elasticache_backend.users.values()
    return answer({"Users": [_shown_user(self, user) for user in users]})


def delete_user(self: Any) -> Any:
    """Answer `DeleteUser`: she leaves her groups, unless one must have her."""
    user = _user(self, self.params["UserId"])
    for group in store_of(self).user_groups.values():
        if user.id in group["UserIds"] and user.name == "default" and group["Engine"] == "redis":
            raise refuse(
                "DefaultUserAssociatedToUserGroupFault",
                f"User {user.id} is the default user of {group['UserGroupId']}.",
            )
    for group in store_of(self).user_groups.values():
        group["UserIds"] = [each for each in group["UserIds"] if each != user.id]
    shown = _shown_user(self, user)
    del self.elasticache_backend.users[user.id]
    return answer({**shown, "Status": "deleting"})


def _user(self: Any, identifier: str) -> Any:
    user = self.elasticache_backend.users.get(identifier)
    if user is None:
        raise refuse("UserNotFound", f"User {identifier} not found.")
    return user


def _shown_user(self: Any, user: Any) -> Document:
    groups = [g["UserGroupId"] for g in store_of(self).user_groups.values() if user.id in g["UserIds"]]
    return {
        "UserId": user.id,
        "UserName": user.name,
        "Status": "active",
        "Engine": user.engine,
        "MinimumEngineVersion": user.minimum_engine_version,
        "AccessString": user.access_string,
        "UserGroupIds": groups,
        "Authentication": user.authentication,
        "ARN": user.arn,
    }


def create_user_group(self: Any) -> Any:
    """Answer `CreateUserGroup`."""
    asked, groups = self.params, store_of(self).user_groups
    name, engine = asked["UserGroupId"].lower(), asked["Engine"].lower()
    if name in groups:
        raise refuse("UserGroupAlreadyExists", f"User Group {name} already exists.")
    members = list(asked.get("UserIds") or ())
    _check(self, engine, members)
    groups[name] = {
        "UserGroupId": name,
        "Status": "active",
        "Engine": engine,
        "UserIds": members,
        "MinimumEngineVersion": "7.2" if engine == "valkey" else "6.0",
        "ARN": f"arn:aws:elasticache:{self.region}:{self.current_account}:usergroup:{name}",
    }
    tag(self, groups[name]["ARN"])
    return answer(_shown(self, groups[name]))


def _check(self: Any, engine: str, members: list[str]) -> None:
    """What a group of that engine must and may not have."""
    users = [_user(self, each) for each in members]
    names = [user.name for user in users]
    if len(set(names)) < len(names):
        raise refuse("DuplicateUserName", "The user group has two users of one name.")
    if engine == "redis" and "default" not in names:
        raise refuse("DefaultUserRequired", "User group needs to contain a user with the user name default.")
    open_ = [user.id for user in users if user.no_password_required]
    if engine == "valkey" and open_:
        raise refuse(
            "InvalidParameterCombination",
            f"Users of a valkey group sign in with a password or IAM, {', '.join(open_)} don't.",
        )


def _group(self: Any) -> Document:
    name, groups = self.params["UserGroupId"], store_of(self).user_groups
    if name not in groups:
        raise refuse("UserGroupNotFound", f"User Group {name} not found.")
    found: Document = groups[name]
    return found


def describe_user_groups(self: Any) -> Any:
    """Answer `DescribeUserGroups`, of one when one is asked for."""
    one = self.params.get("UserGroupId")
    found = [_group(self)] if one else list(store_of(self).user_groups.values())
    return answer({"UserGroups": [_shown(self, group) for group in found]})


def modify_user_group(self: Any) -> Any:
    """Answer `ModifyUserGroup`."""
    group = _group(self)
    gone = set(self.params.get("UserIdsToRemove") or ())
    members = [each for each in group["UserIds"] if each not in gone]
    members += [each for each in self.params.get("UserIdsToAdd") or () if each not in members]
    _check(self, group["Engine"], members)
    group["UserIds"] = members
    return answer(_shown(self, group))


def delete_user_group(self: Any) -> Any:
    """Answer `DeleteUserGroup`, of one that no cache lets in."""
    group = _group(self)
    shown = _shown(self, group)
    if shown["ReplicationGroups"]:
        raise refuse("InvalidUserGroupState", f"User Group {group['UserGroupId']} is in use.")
    del store_of(self).user_groups[group["UserGroupId"]]
    return answer({**shown, "Status": "deleting"})


def _shown(self: Any, group: Document) -> Document:
    name = group["UserGroupId"]
    used = [g.id for g in store_of(self).groups.values() if name in g.said.get("UserGroupIds", ())]
    return {**group, "ReplicationGroups": used}


OPERATIONS = (
    modify_user,
    describe_users,
    delete_user,
    create_user_group,
    describe_user_groups,
    modify_user_group,
    delete_user_group,
)
