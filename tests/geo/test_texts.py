"""The catalogue: every line in both languages, every key that the code names, every error."""

import ast
import importlib
import pkgutil
import re
import string
from pathlib import Path

import geo
import maps
from geo.errors import GeoError
from geo.grid.plans.lifecycle import PlanState, Step
from geo.texts import catalogue, text

ROOT = Path(__file__).parents[2]


def facts(line: str) -> set[str]:
    return {
        name.split("!")[0].split(".")[0] for _, name, _, _ in string.Formatter().parse(line) if name
    }


def concrete_errors(kind: type[GeoError] = GeoError) -> set[type[GeoError]]:
    below = {error for child in kind.__subclasses__() for error in concrete_errors(child)}
    return below | ({kind} if "code" in vars(kind) else set())


def load_all() -> None:
    for package in (geo, maps):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def test_every_line_stands_in_both_languages() -> None:
    assert {key for key, line in catalogue().items() if set(line) != {"zh", "en"}} == set()


def test_both_languages_name_the_same_facts() -> None:
    differing = {k for k, line in catalogue().items() if facts(line["zh"]) != facts(line["en"])}

    assert differing == set()


def test_what_is_to_be_typed_has_the_punctuation_that_is_typed() -> None:
    # FILE::LAYER, EPSG:4527, [lon, lat], --option=value, a line of CSV: of no use in full width.
    widened = re.compile(
        r"：：|EPSG：|\[[^\]]*[，：；][^\]]*\]|--[a-z-]+[＝：]\S|经度，纬度|https?：|[a-z0-9]：[a-z0-9]"
    )

    assert {key for key, line in catalogue().items() if widened.search(line["zh"])} == set()


def test_every_error_has_its_sentence() -> None:
    load_all()
    codes = {
        error.code
        for error in concrete_errors()
        if error.__module__.startswith(("geo", "maps", "api"))
    }

    assert {code for code in codes if f"errors.{code}" not in catalogue()} == set()


def test_no_two_errors_share_a_code() -> None:
    load_all()
    ours = [e for e in concrete_errors() if e.__module__.startswith(("geo", "maps", "api"))]

    assert len({error.code for error in ours}) == len(ours)


def test_every_key_that_the_code_names_exists() -> None:
    named = set()
    for package, function, prefix in (
        ("api", "say", "cli."),
        ("geo", "text", ""),
        ("api", "text", ""),
    ):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and getattr(node.func, "id", "") == function
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                    and isinstance(node.args[0].value, str)
                    and (prefix or "." in node.args[0].value)
                ):
                    named.add(prefix + node.args[0].value)

    assert {key for key in named if key not in catalogue() and " " not in key} == set()


def test_facts_are_filled_in() -> None:
    assert (
        text("errors.cell_unknown", "zh", value="<b>") == "没有编码为“<b>”的网格；请核对编码和时间"
    )


def test_a_fact_may_stand_for_a_line_of_its_own() -> None:
    said = {lang: text("errors.plan_step_refused", lang, state="draft", step="approve")
            for lang in ("zh", "en")}  # fmt: skip

    assert said["zh"] == "方案起草中，现在不能批准；请先查看方案当前状态"
    assert said["en"] == "the plan is draft and cannot be approved now; look at the plan as it is"


def test_every_state_and_step_of_a_plan_has_its_word() -> None:
    for family, names in (("plans.state", PlanState), ("plans.step", Step)):
        assert {
            name.value for name in names if f"{family}.{name.value}" not in catalogue()
        } == set()
