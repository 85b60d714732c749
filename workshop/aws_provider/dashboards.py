"""Dashboards of CloudWatch."""

from .resource_type import Client, Properties, ResourceType


class Dashboard(ResourceType):
    """``aws.cloudwatch.Dashboard``."""

    pulumi_type = "aws:cloudwatch/dashboard:Dashboard"
    required = frozenset({"dashboardBody", "dashboardName"})
    replacing = frozenset({"dashboardName"})
    computed = ("dashboardArn",)
    documents = frozenset({"dashboardBody"})

    def create(self, client: Client, inputs: Properties) -> tuple[str, Properties]:
        """Put it."""
        self._put(client, inputs)
        return inputs["dashboardName"], self.read(client, inputs["dashboardName"], {})

    def read(self, client: Client, id_: str, state: Properties) -> Properties:
        """Ask for it."""
        found = client("cloudwatch").get_dashboard(DashboardName=id_)
        return {"dashboardArn": found["DashboardArn"], "dashboardBody": found["DashboardBody"]}

    def update(self, client: Client, id_: str, inputs: Properties, before: Properties) -> None:
        """Put it anew."""
        self._put(client, inputs)

    def delete(self, client: Client, id_: str, state: Properties) -> None:
        """Delete it."""
        client("cloudwatch").delete_dashboards(DashboardNames=[id_])

    def _put(self, client: Client, inputs: Properties) -> None:
        client("cloudwatch").put_dashboard(
            DashboardName=inputs["dashboardName"], DashboardBody=inputs["dashboardBody"]
        )
