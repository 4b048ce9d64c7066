"""The commands of `kaspa`, one module a group."""

import typer

from bot.commands import asking, comparison, content, evaluation, ledger, model, running, staff, upkeep

app = typer.Typer(
    name="kaspa", help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)
app.command("run")(running.run)
app.command("demo")(running.demo)
app.command("ask")(asking.ask)
app.command("understand")(asking.understand)
app.command("train")(model.train)
app.command("tune")(model.tune)
app.command("evaluate")(evaluation.evaluate)
app.command("compare")(comparison.compare)
app.command("check")(content.check)
app.command("log")(ledger.log)
app.command("report")(ledger.report)
app.command("purge")(upkeep.purge)
app.command("doctor")(upkeep.doctor)
app.add_typer(staff.app, name="staff")
app.add_typer(content.app, name="content")
