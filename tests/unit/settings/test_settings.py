"""Settings come from the environment, then from the servers that `namtot up` started; what is wrong is named."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from shared.settings import Settings, SettingsError, load, local_state, variable

BOTH = {"AMQP_URI": "amqp://broker.example/", "MONGO_URI": "mongodb://store.example/"}


def test_the_environment_is_enough() -> None:
    settings = load({**BOTH, "NAMTOT_BATCH": "50", "NAMTOT_HTTP_HOST": "0.0.0.0"})
    assert (settings.amqp_uri, settings.mongo_uri) == ("amqp://broker.example/", "mongodb://store.example/")
    assert (settings.batch, settings.http_host) == (50, "0.0.0.0")


def test_what_is_not_set_has_its_default() -> None:
    settings = load({**BOTH, "NAMTOT_SCHEME": ""})
    assert settings == Settings(amqp_uri=BOTH["AMQP_URI"], mongo_uri=BOTH["MONGO_URI"])
    assert settings.http_port == 0


@pytest.mark.parametrize("missing", ["AMQP_URI", "MONGO_URI"])
def test_no_server_is_told_by_name_and_with_what_to_do(tmp_path: Path, missing: str) -> None:
    environ = {name: uri for name, uri in BOTH.items() if name != missing}
    with pytest.raises(SettingsError, match=f"^{missing} is not set and no local servers run; start them with `namtot up`$"):
        load({**environ, "NAMTOT_HOME": str(tmp_path)})


@pytest.mark.parametrize("text", ["many", "1.5", "0x10"])
def test_a_number_that_is_none(text: str) -> None:
    with pytest.raises(SettingsError, match=rf"^NAMTOT_BATCH='{text}' is not a whole number$"):
        load({**BOTH, "NAMTOT_BATCH": text})


def test_local_servers_fill_what_is_missing(tmp_path: Path) -> None:
    local = {"env": {"AMQP_URI": "amqp://local/", "MONGO_URI": "mongodb://local/", "NAMTOT_KEY_FILE": "/keys/master"}}
    (tmp_path / "local.json").write_text(json.dumps(local))
    settings = load({"NAMTOT_HOME": str(tmp_path), "AMQP_URI": "amqp://mine/"})
    assert settings.amqp_uri == "amqp://mine/", "the environment goes first"
    assert (settings.mongo_uri, settings.key_file) == ("mongodb://local/", "/keys/master")


def test_local_servers_are_not_asked_when_both_are_named(tmp_path: Path) -> None:
    (tmp_path / "local.json").write_text("{")
    assert load({**BOTH, "NAMTOT_HOME": str(tmp_path)}).amqp_uri == BOTH["AMQP_URI"]


def test_a_damaged_state_file_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "local.json").write_text("{")
    with pytest.raises(SettingsError, match=r"local\.json is damaged .* run `namtot down`, then `namtot up`$"):
        load({"NAMTOT_HOME": str(tmp_path)})
    assert local_state(tmp_path / "elsewhere") == {}


def test_only_the_two_servers_go_without_prefix() -> None:
    assert [variable(field.name) for field in fields(Settings)][:3] == ["AMQP_URI", "MONGO_URI", "NAMTOT_KEY_FILE"]
