"""`explain`, `claims` and `graph`: answers about numbers, criteria, the plan's claims and waves."""

from typing import Any

import click

from phextpaper.errors import InputError, PageError
from phextpaper.press.commands.options import as_json, print_json, site_of, standard
from phextpaper.press.pipeline.site import Site, read_json


@click.command()
@click.argument("name", metavar="ID")
@as_json
@standard
def explain(name: str, json_wanted: bool, params: str | None, built: str | None) -> int:
    """Where a number comes from (orchard.trees), or how a criterion was judged (w01.trees-told)."""
    site = site_of(params, built)
    answer = _criterion(name, site) or _quantity(name, site)
    if json_wanted:
        print_json(answer)
        return 0
    for key, value in answer.items():
        if isinstance(value, list):
            click.echo(f"{key}:" + ("" if value else " none"))
            for item in value:
                click.echo(f"  {item if isinstance(item, str) else ':'.join(str(part) for part in item.values())}")
        elif value != "":
            click.echo(f"{key}: {value}")
    return 0


def _criterion(name: str, site: Site) -> dict[str, Any] | None:
    from phextpaper.press.sources.plan import load_waves, spans

    head, _, id = name.partition(".")
    if not (len(head) == 3 and head[0] == "w" and head[1:].isdigit()):
        return None
    n, planned = int(head[1:]), load_waves(site.root)
    if n not in planned:
        raise InputError(f"there is no wave {n}", remedy=f"there are waves {spans(list(planned)) or 'none'}")
    if id not in planned[n].criteria:
        raise InputError(
            f"wave {n} has no criterion {id!r}", remedy=f"it has {', '.join(planned[n].criteria) or 'none'}"
        )
    record = site.record(n)
    verdict = next((entry for entry in record.get("criteria", []) if entry["id"] == id), None)
    said = (
        "not built yet" if verdict is None else {True: "passes", False: "fails", None: "not checked"}[verdict["passed"]]
    )
    return {
        "criterion": name,
        "text": planned[n].criteria[id],
        "verdict": said,
        "evidence": verdict["evidence"] if verdict else "",
    }


def _quantity(name: str, site: Site) -> dict[str, Any]:
    from phextpaper.press.pipeline.code import CodeIndex
    from phextpaper.press.pipeline.report import entry, printed_places
    from phextpaper.press.pipeline.task import quantities_at
    from phextpaper.press.quantity import strip_marks

    code = CodeIndex(site.root, read_json(site.state / "code.json").get("files"))
    quantities = quantities_at(site, site.machine(), code, read_json(site.state / "store.json"))
    records = {
        record["n"]: record for path in sorted((site.state / "waves").glob("*.json")) if (record := read_json(path))
    }
    try:
        quantity = quantities[name]
    except PageError as problem:
        raise InputError(problem.what, remedy="build/reports/quantities.json lists every number by its id") from None
    answer = entry(quantity, printed_places(records, site.folder).get(name, []), code)
    answer["uses"] = [f"{used} = {strip_marks(quantities[used].with_unit)[0]}" for used in quantity.uses]
    return answer


@click.command()
@as_json
@standard
def claims(json_wanted: bool, params: str | None, built: str | None) -> int:
    """The claims ledger: what the plan says, what is computed, the verdict and why."""
    import json

    from phextpaper.press.sources.claims import load_claims

    site = site_of(params, built)
    total = len(load_claims(site.root))
    if not total:
        raise InputError("this paper has no plan that makes claims", remedy="name its file in [plan] of paper.toml")
    try:
        ledger = json.loads((site.built / "reports" / "claims.json").read_bytes())
    except OSError:
        raise InputError("no ledger was written here yet", where=str(site.built), remedy="make all") from None
    if json_wanted:
        print_json(ledger)
        return 0
    for entry in ledger:
        value = "" if entry["computed"] is None else f"; computed {entry['computed']} {entry['unit']}".rstrip()
        click.echo(f"{entry['id']}  {entry['verdict']:<12}  {entry['says']}{value}\n     {entry['reason']}")
    counts = {
        verdict: sum(entry["verdict"] == verdict for entry in ledger)
        for verdict in ("reproduced", "corrected", "assumption", "unverifiable")
    }
    click.echo(
        ", ".join(f"{number} {verdict}" for verdict, number in counts.items())
        + f"; {total - len(ledger)} of {total} not decided yet"
    )
    return 0


@click.command()
@click.option(
    "--format", "style", type=click.Choice(["text", "mermaid", "dot", "svg", "json"]), default="text", show_default=True
)
@as_json
@standard
def graph(style: str, json_wanted: bool, params: str | None, built: str | None) -> int:
    """The wave graph: what each wave needs and blocks, and the longest chain."""
    from phextpaper.press.pipeline import wave_graph
    from phextpaper.press.sources.plan import load_waves, phases

    root = site_of(params, built).root
    waves = load_waves(root)
    if json_wanted or style == "json":
        print_json(wave_graph.as_data(waves))
    else:
        drawings = {
            "text": lambda found: wave_graph.as_text(found, phases(root)),
            "mermaid": wave_graph.as_mermaid,
            "dot": wave_graph.as_dot,
            "svg": wave_graph.as_svg,
        }
        click.echo(drawings[style](waves), nl=False)
    return 0
