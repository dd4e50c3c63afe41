"""Policies: valid and invalid settings, and that the key is never shown."""

from __future__ import annotations

import copy
import inspect
import pickle
from typing import Any

import pytest
from vimmerse.compat import CreditLimitError, translate_request
from vimmerse.compat.core.messages import V1Request
from vimmerse.compat.core.policy import Policy
from vimmerse.compat.flows.dispatch import begin


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"mode": "loose"}, "mode is 'loose'"),
        ({"base_url": "api.vimmerse.net"}, "http or https URL with a host"),
        ({"base_url": "ftp://api.vimmerse.net"}, "http or https URL with a host"),
        ({"base_url": "https://"}, "http or https URL with a host"),
        ({"base_url": "https://a b"}, "http or https URL with a host"),
        ({"base_url": "https://me:secret-word@api.vimmerse.net"}, "no credentials"),
        ({"base_url": "https://api.vimmerse.net?x=1"}, "no credentials, query or fragment"),
        ({"base_url": "https://api.vimmerse.net#x"}, "no credentials, query or fragment"),
        ({"base_url": "https://api.vimmerse.net:port"}, "not a URL"),
        ({"base_url": "https://[::1"}, "not a URL"),
        ({"base_url": "http://secret-word..example"}, "not a URL"),
        ({"base_url": "http://secret-word" + "a" * 60}, "not a URL"),
        ({"base_url": "http://" + "a." * 200}, "not a URL"),
        ({"base_url": "http://" + "\u00fc" * 63}, "not a URL"),
        ({"base_url": "http://\udcff.example"}, "not a URL"),
        ({"base_url": "http://example/\udcff"}, "http or https URL with a host"),
        ({"base_url": "http://example/\x00"}, "http or https URL with a host"),
        ({"max_credits": -1}, "max_credits is -1"),
        ({"max_credits": float("nan")}, "max_credits is nan"),
        ({"api_key": " "}, "api_key must be"),
        ({"api_key": "secret-word\r\nX-Evil: 1"}, "api_key must be"),
        ({"api_key": "sécret-word"}, "api_key must be"),
        ({"supply_key": "never"}, "supply_key is 'never'"),
    ],
)
def test_rejected_values(given: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        Policy(**given)
    assert "secret-word" not in str(caught.value)


def test_defaults() -> None:
    policy = Policy()
    assert (policy.mode, policy.base_url, policy.api_key) == ("lenient", "https://api.vimmerse.net", None)
    assert (policy.max_credits, policy.supply_key) == (None, "always")
    assert dict(policy.video_tools) == dict(policy.image_tools) == {}


def test_a_prefix_is_kept_and_its_last_slash_is_not() -> None:
    assert Policy(base_url="http://127.0.0.1:8080/vim/").base_url == "http://127.0.0.1:8080/vim"


def test_it_can_not_be_changed_not_even_through_its_arguments() -> None:
    tools = {"Wan": "Vidu"}
    policy = Policy(video_tools=tools)
    tools["Wan"] = "Auto"
    assert policy.video_tools == {"Wan": "Vidu"}
    with pytest.raises(TypeError):
        policy.video_tools["Wan"] = "Auto"  # type: ignore[index]  # that is what is tested
    with pytest.raises(AttributeError, match="is immutable"):
        policy.mode = "strict"


def test_the_key_is_not_in_its_repr() -> None:
    assert "secret-word" not in repr(Policy(api_key="secret-word"))


@pytest.mark.parametrize("restored", [lambda policy: pickle.loads(pickle.dumps(policy)), copy.deepcopy])
def test_it_pickles_and_copies(restored: Any) -> None:
    policy = Policy(mode="strict", video_tools={"Wan": "Vidu"}, api_key="secret-word", max_credits=7)
    assert restored(policy) == policy
    assert restored(policy).video_tools == {"Wan": "Vidu"}


def test_replace() -> None:
    policy = Policy(api_key="secret-word").replace(mode="strict")
    assert (policy.mode, policy.api_key) == ("strict", "secret-word")


def test_the_signature_says_what_the_environment_may_set() -> None:
    assert str(inspect.signature(Policy)).count("= <unset>") == 3


def test_settings_are_named_as_their_caller_gives_them() -> None:
    python, flags = Policy(), Policy(advice="flags")

    assert python.how_to_set("video_tools", "Kling2") == "Policy(video_tools={'Kling2': ...})"
    assert python.how_to_set("max_credits") == "Policy(max_credits=...)"
    assert flags.how_to_set("video_tools", "Kling2") == "--video-tool Kling2=..."
    assert flags.how_to_set("image_tools", "FluxPro") == "--image-tool FluxPro=..."
    assert flags.how_to_set("max_credits") == "--max-credits"
    assert flags == python, "they translate alike"
    for copied in (pickle.loads(pickle.dumps(flags)), flags.replace(max_credits=5), python.replace(advice="flags")):
        assert copied.advice == "flags"
    with pytest.raises(ValueError, match="advice is 'shout'; it must be 'python' or 'flags'"):
        Policy(advice="shout")  # type: ignore[arg-type]  # on purpose


def test_a_base_url_is_kept_as_libraries_write_it() -> None:
    assert Policy(base_url="https://Bücher.example:8443/Api/").base_url == "https://xn--bcher-kva.example:8443/Api"
    assert Policy(base_url="https://API.example/x").base_url == "https://API.example/x"


def test_a_call_below_a_base_url_of_any_script_is_translated() -> None:
    policy = Policy(base_url="https://bücher.example", max_credits=1)
    assert begin(V1Request("GET", f"{policy.base_url}/story/s"), policy) is not None
    with pytest.raises(CreditLimitError):
        translate_request("POST", "/story/idea-2-video", data={"idea": "x"}, policy=policy)
