# SPDX-License-Identifier: GPL-3.0-or-later
"""Short ways to write down a dashboard: its variables, rows, and panels that ask Prometheus."""

from typing import TypeVar

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.models import common as choices
from grafana_foundation_sdk.models.dashboard import (
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
WIDTH = 24  # columns of Grafana's grid
SECONDS, BYTES, SHARE, DAYS, NUMBER, MOMENT = "s", "bytes", "percentunit", "d", "short", "dateTimeFromNow"
A_MINUTE = "suffix:/min"

Queries = dict[str, str]
"""PromQL by the legend of what it returns; a legend may hold labels, as {{duty}}."""
Panel = stat.Panel | timeseries.Panel | bargauge.Panel | table.Panel
Built = TypeVar("Built", stat.Panel, timeseries.Panel, bargauge.Panel, table.Panel)


def board(uid: str, title: str, description: str, instances: str) -> dashboard.Dashboard:
    """Begin a dashboard whose instances are those that have the metric `instances`."""
    instance = dashboard.QueryVariable("instance").label("Instance").datasource(SOURCE)
    instance = instance.query(f"label_values({instances}, instance)").refresh(
        VariableRefresh.ON_DASHBOARD_LOAD
    )
    made = dashboard.Dashboard(title).uid(uid).description(description).tags(["postwarden"])
    made = made.time("now-24h", "now").refresh("1m").timezone("Asia/Ho_Chi_Minh")
    made = made.with_variable(
        dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus")
    )
    return made.with_variable(instance.multi(True).include_all(True).all_value(".*"))


def side_by_side(made: dashboard.Dashboard, row: str, *panels: Panel) -> None:
    """Add a row of panels side by side."""
    made.with_row(dashboard.Row(row))
    width = WIDTH // len(panels)
    for panel in panels:
        made.with_panel(panel.span(width))


def number(
    title: str,
    query: str,
    unit: str,
    description: str = "",
    *,
    red_from: float | None = None,
    red_below: float | None = None,
) -> stat.Panel:
    """One figure as it is now; red from a value on, or below one."""
    panel = stat.Panel().title(title).unit(unit).height(4).datasource(SOURCE)
    panel = panel.thresholds(_colours(red_from, red_below))
    panel = panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    panel = panel.graph_mode(choices.BigValueGraphMode.NONE)
    if unit == MOMENT:
        panel = panel.mappings([ValueMap(options={"0": ValueMappingResult(text="never")})])
    return _described(panel.with_target(_query("A", query, "", instant=True)), description)


def course(title: str, queries: Queries, unit: str, description: str = "", *, stacked: bool = False) -> Panel:
    """Lines over time."""
    panel = timeseries.Panel().title(title).unit(unit).height(8).datasource(SOURCE).min(0)
    legend = common.VizLegendOptions().display_mode(choices.LegendDisplayMode.LIST).show_legend(True)
    panel = panel.legend(legend.placement(choices.LegendPlacement.BOTTOM))
    panel = panel.tooltip(common.VizTooltipOptions().mode(choices.TooltipDisplayMode.MULTI))
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(choices.StackingMode.NORMAL)).fill_opacity(40)
    for letter, (legend_, query) in zip("ABCDEFGH", queries.items(), strict=False):
        panel = panel.with_target(_query(letter, query, legend_, instant=False))
    return _described(panel, description)


def ranking(title: str, query: str, legend: str, unit: str, description: str = "") -> Panel:
    """A bar for each series, as it is now."""
    panel = bargauge.Panel().title(title).unit(unit).height(8).datasource(SOURCE).min(0)
    panel = panel.thresholds(_colours(None, None))
    panel = panel.orientation(choices.VizOrientation.HORIZONTAL).display_mode(
        choices.BarGaugeDisplayMode.BASIC
    )
    panel = panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    panel = panel.value_mode(choices.BarGaugeValueMode.TEXT)
    if unit == NUMBER:
        panel = panel.decimals(0)  # Prometheus's increase is no whole number
    return _described(panel.with_target(_query("A", query, legend, instant=True)), description)


def listing(title: str, query: str, unit: str, description: str = "") -> Panel:
    """A table with a line for each series: its labels and its value."""
    panel = table.Panel().title(title).unit(unit).height(8).datasource(SOURCE)
    target = _query("A", query, "", instant=True).format(PromQueryFormat.TABLE)
    return _described(panel.with_target(target), description)


def _query(letter: str, expression: str, legend: str, *, instant: bool) -> prometheus.Dataquery:
    asked = prometheus.Dataquery().ref_id(letter).expr(expression).legend_format(legend).datasource(SOURCE)
    return asked.instant() if instant else asked.range()


def _colours(red_from: float | None, red_below: float | None) -> dashboard.ThresholdsConfig:
    """Without any Grafana would have everything red from 80 on."""
    steps = [Threshold(color="blue" if red_below is None else "red")]
    if red_from is not None:
        steps.append(Threshold(red_from, "red"))
    if red_below is not None:
        steps.append(Threshold(red_below, "blue"))
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def _described(panel: Built, description: str) -> Built:
    return panel.description(description) if description else panel
