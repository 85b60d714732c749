"""The verb ``grafana``."""

import json

import typer


def grafana() -> None:
    """Write a dashboard of Grafana for fleets, as JSON to import.

    It shows what ProvisioningDashboard shows in CloudWatch. Data source, Region, template, hook and log are
    chosen where it is looked at.
    """
    from ..fleet.grafana import grafana_dashboard

    typer.echo(json.dumps(grafana_dashboard(), indent=2))
