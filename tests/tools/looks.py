#!/usr/bin/env python3
"""Writes a dashboard with a panel of every type and its main variants, for people to look at.

Every query computes its samples from the time alone, so that any Prometheus shows whole graphs, however young it is.
usage: looks.py OUT.json
"""
import json
import sys

panels = []
place = {"x": 0, "y": 0, "h": 0}


def wave(index, height=40, base=50, period=900):
    return f"vector({base}) + {height} * sin(vector(time() / {period} + {index}))"


def named(expr, name, label="host"):
    return f'label_replace({expr}, "{label}", "{name}", "", "")'


def target(expr, legend="", **more):
    return {"refId": chr(65 + more.pop("ref", 0)), "expr": expr, "legendFormat": legend, **more}


def waves(count, **more):
    return [target(wave(i, 30 - i * 3, 50 + i * 4), ["api", "web", "database", "queue", "cache", "search"][i], ref=i, **more) for i in range(count)]


def hosts(count, instant=True, **more):
    union = " or ".join(named(wave(i * 2, 45, 50), f"host-{i + 1}.example.org") for i in range(count))
    return [target(union, "{{host}}", instant=instant, range=not instant, **more)]


def add(title, kind, targets, options=None, defaults=None, custom=None, overrides=None, w=8, h=8, **more):
    if place["x"] + w > 24:
        place.update(x=0, y=place["y"] + place["h"], h=0)
    config = {"defaults": {**(defaults or {}), "custom": custom or {}}, "overrides": overrides or []}
    panels.append({"id": len(panels) + 1, "title": title, "type": kind, "targets": targets, "options": options or {}, "fieldConfig": config,
                   "gridPos": {"x": place["x"], "y": place["y"], "w": w, "h": h}, **more})
    place.update(x=place["x"] + w, h=max(place["h"], h))


steps = {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "orange", "value": 60}, {"color": "red", "value": 80}]}
table_legend = {"displayMode": "table", "placement": "bottom", "calcs": ["min", "mean", "max", "lastNotNull"], "showLegend": True}
states = [{"type": "value", "options": {"0": {"text": "down", "color": "red"}, "1": {"text": "up", "color": "green"}, "2": {"text": "degraded", "color": "yellow"}}}]
buckets = " or ".join(f'label_replace(floor({b} * 10 * (2 + sin(vector(time() / {700 + b * 40})))), "le", "{b if b < 12 else "+Inf"}", "", "")' for b in range(1, 13))


def state_targets(count):
    return [target(f"floor(1.5 + 1.5 * sin(vector(time() / {500 + i * 170})))", f"service {i + 1}", ref=i) for i in range(count)]


add("Lines", "timeseries", waves(4), {"legend": {"displayMode": "list", "placement": "bottom"}}, {"unit": "percent"})
add("Lines, filled, table below", "timeseries", waves(3), {"legend": table_legend}, {"unit": "Bps"}, {"fillOpacity": 20, "lineWidth": 2, "gradientMode": "opacity"})
add("Legend at the right", "timeseries", waves(5), {"legend": {**table_legend, "placement": "right", "calcs": ["lastNotNull"]}}, {"unit": "s"}, {"lineInterpolation": "smooth"})
add("Bars", "timeseries", waves(2, interval="3m"), {}, {"unit": "reqps"}, {"drawStyle": "bars", "fillOpacity": 80})
add("Points", "timeseries", waves(3, interval="2m"), {}, {"unit": "ms"}, {"drawStyle": "points", "pointSize": 6})
add("Stacked", "timeseries", waves(5), {}, {"unit": "bytes"}, {"fillOpacity": 70, "stacking": {"mode": "normal", "group": "A"}})
add("Percent", "timeseries", waves(5), {}, {}, {"fillOpacity": 80, "stacking": {"mode": "percent", "group": "A"}, "lineWidth": 0})
add("Thresholds", "timeseries", waves(2), {}, {"thresholds": steps, "unit": "percent", "min": 0, "max": 100}, {"thresholdsStyle": {"mode": "line+area"}})
add("Logarithmic, steps", "timeseries", [target(f"exp(3 * sin(vector(time() / 900 + {i})) + {i * 2})", f"p{i}", ref=i) for i in range(3)], {}, {"unit": "short"},
    {"scaleDistribution": {"type": "log", "log": 10}, "lineInterpolation": "stepAfter"})
add("Two axes, a negative side", "timeseries", waves(3), {}, {"unit": "Bps"}, {"axisLabel": "in / out", "fillOpacity": 10},
    [{"matcher": {"id": "byName", "options": "web"}, "properties": [{"id": "custom.transform", "value": "negative-Y"}]},
     {"matcher": {"id": "byName", "options": "database"}, "properties": [{"id": "unit", "value": "percent"}, {"id": "custom.axisPlacement", "value": "right"}]}])
panels.append({"id": len(panels) + 1, "title": "Graph (old)", "type": "graph", "targets": waves(3), "fill": 3, "stack": True, "linewidth": 1, "lines": True,
               "legend": {"show": True, "values": True, "alignAsTable": True, "current": True, "max": True}, "yaxes": [{"format": "bytes"}, {"format": "short"}],
               "xaxis": {"mode": "time"}, "gridPos": {"x": 8, "y": place["y"], "w": 8, "h": 8}})
place["x"] += 8
add("One sample", "timeseries", [target(named("vector(1)", "a"), "{{host}}", interval="2h")], {}, {"unit": "short"})
add("No data", "timeseries", [target("nothing_is_called_this", "")], w=4, h=5)
add("Stat", "stat", waves(1), {"graphMode": "area", "colorMode": "value", "reduceOptions": {"calcs": ["lastNotNull"]}}, {"unit": "percent", "thresholds": steps}, w=4, h=5)
add("Stat, several", "stat", waves(3), {"graphMode": "area", "colorMode": "background", "textMode": "value_and_name", "reduceOptions": {"calcs": ["lastNotNull"]}},
    {"unit": "reqps", "thresholds": steps, "decimals": 1}, w=8, h=5)
add("Stat, mapped", "stat", state_targets(2), {"graphMode": "none", "colorMode": "background_solid", "reduceOptions": {"calcs": ["lastNotNull"]}}, {"mappings": states}, w=4, h=5)
panels.append({"id": len(panels) + 1, "title": "Singlestat (old)", "type": "singlestat", "targets": waves(1), "format": "bytes", "valueName": "current", "colorValue": True,
               "thresholds": "60,80", "colors": ["#299c46", "#ed8128", "#d44a3a"], "sparkline": {"show": True, "full": False}, "prefix": "", "postfix": "",
               "gauge": {"show": False}, "gridPos": {"x": 20, "y": place["y"], "w": 4, "h": 5}})
place["x"] += 4
add("Gauge", "gauge", waves(1), {"reduceOptions": {"calcs": ["lastNotNull"]}, "showThresholdMarkers": True, "showThresholdLabels": True},
    {"unit": "percent", "min": 0, "max": 100, "thresholds": steps}, w=6, h=7)
add("Gauges", "gauge", waves(4), {"reduceOptions": {"calcs": ["lastNotNull"]}, "showThresholdMarkers": True}, {"unit": "celsius", "min": 0, "max": 100, "thresholds": steps}, w=10, h=7)
add("Gauge, one colour scheme", "gauge", waves(2), {"reduceOptions": {"calcs": ["max"]}, "orientation": "horizontal"},
    {"unit": "bytes", "min": 0, "max": 100, "color": {"mode": "continuous-GrYlRd"}}, w=8, h=7)
for mode in ("basic", "gradient", "lcd"):
    add(f"Bar gauge, {mode}", "bargauge", waves(5), {"displayMode": mode, "orientation": "horizontal", "reduceOptions": {"calcs": ["lastNotNull"]}},
        {"unit": "percent", "min": 0, "max": 100, "thresholds": steps}, h=7)
for mode in ("basic", "gradient", "lcd"):
    add(f"Bar gauge, {mode}, upright", "bargauge", waves(6), {"displayMode": mode, "orientation": "vertical", "reduceOptions": {"calcs": ["lastNotNull"]}},
        {"unit": "percent", "min": 0, "max": 100, "color": {"mode": "continuous-BlYlRd"}}, h=7)
cells = [("Value", "gauge", {"type": "gauge", "mode": "gradient"})]
add("Table", "table", hosts(8, format="table"), {"footer": {"show": True, "reducer": ["mean"]}}, {"unit": "percent", "thresholds": steps}, {"align": "auto"}, w=12)
add("Table, cells", "table", [target(" or ".join(named(wave(i * 2), f"host-{i + 1}") for i in range(6)), "", instant=True, range=False, format="table"),
                              target(" or ".join(named(wave(i), f"host-{i + 1}") for i in range(6)), "", ref=1, instant=True, range=False, format="table"),
                              target(" or ".join(named(wave(i * 3), f"host-{i + 1}") for i in range(6)), "", ref=2, instant=True, range=False, format="table")],
    {}, {"unit": "percent", "min": 0, "max": 100, "thresholds": steps}, {},
    [{"matcher": {"id": "byName", "options": f"Value #{ref}"}, "properties": [{"id": "custom.cellOptions", "value": cell}, {"id": "displayName", "value": name}]}
     for ref, name, cell in (("A", "Background", {"type": "color-background", "mode": "gradient"}), ("B", "Gauge", {"type": "gauge", "mode": "lcd"}), ("C", "Text", {"type": "color-text"}))],
    w=12, transformations=[{"id": "merge", "options": {}}, {"id": "organize", "options": {"excludeByName": {"Time": True}}}])
add("Heatmap of buckets", "heatmap", [target(buckets, "{{le}}", format="heatmap", interval="1m")],
    {"calculate": False, "color": {"mode": "scheme", "scheme": "Oranges", "steps": 64}, "yAxis": {"unit": "s"}, "legend": {"show": True}, "cellGap": 1})
add("Heatmap, calculated", "heatmap", hosts(6, instant=False), {"calculate": True, "color": {"mode": "scheme", "scheme": "Spectral", "steps": 64, "reverse": True}, "legend": {"show": True}, "yAxis": {"unit": "percent"}})
add("Heatmap, opacity", "heatmap", [target(buckets, "{{le}}", format="heatmap", interval="1m")],
    {"calculate": False, "color": {"mode": "opacity", "fill": "dark-green", "scale": "exponential", "exponent": 0.5}, "yAxis": {"unit": "s", "axisPlacement": "left"}, "cellGap": 2, "cellRadius": 4})
add("Histogram", "histogram", waves(2), {"bucketCount": 30}, {"unit": "percent"}, {"fillOpacity": 60})
add("Pie", "piechart", waves(5), {"pieType": "pie", "reduceOptions": {"calcs": ["lastNotNull"]}, "legend": {"displayMode": "table", "placement": "right", "values": ["value", "percent"]}, "displayLabels": ["percent"]}, {"unit": "bytes"})
add("Donut", "piechart", waves(5), {"pieType": "donut", "reduceOptions": {"calcs": ["lastNotNull"]}, "legend": {"displayMode": "list", "placement": "bottom"}, "displayLabels": ["name"]}, {"unit": "short"})
add("Bar chart", "barchart", hosts(6, format="table"), {"xField": "host", "orientation": "auto", "showValue": "auto", "legend": {"displayMode": "list", "placement": "bottom"}},
    {"unit": "percent", "thresholds": steps, "color": {"mode": "thresholds"}}, {"fillOpacity": 80}, transformations=[{"id": "organize", "options": {"excludeByName": {"Time": True}}}])
add("Bar chart, lying", "barchart", hosts(5, format="table"), {"xField": "host", "orientation": "horizontal"}, {"unit": "percent"}, {"fillOpacity": 80},
    transformations=[{"id": "organize", "options": {"excludeByName": {"Time": True}}}])
add("XY chart", "xychart", [target(wave(0), "x"), target(wave(1.2), "y", ref=1)], {"seriesMapping": "auto", "legend": {"displayMode": "list", "placement": "bottom"}}, {}, {"show": "points", "pointSize": {"fixed": 5}},
    transformations=[{"id": "joinByField", "options": {"byField": "Time", "mode": "outer"}}])
add("State timeline", "state-timeline", state_targets(4), {"showValue": "auto", "rowHeight": 0.9, "mergeValues": True, "legend": {"displayMode": "list", "placement": "bottom"}},
    {"mappings": states}, {"fillOpacity": 70, "lineWidth": 0}, w=12)
add("Status history", "status-history", [{**one, "interval": "3m"} for one in state_targets(4)], {"showValue": "never", "rowHeight": 0.9, "colWidth": 0.9, "legend": {"displayMode": "list", "placement": "bottom"}},
    {"mappings": states}, {"fillOpacity": 70, "lineWidth": 1}, w=12)
add("Alerts", "alertlist", [], {"stateFilter": {"firing": True, "pending": True, "normal": True}})
add("Logs", "logs", [target('{job="web"}', "")], {"showTime": True}, datasource={"type": "loki", "uid": "loki"})
add("Text", "text", [], {"mode": "markdown", "content": "# Runbook\n\nWhat to do when **disk** is full:\n\n1. Look at `df -h`\n2. See [the guide](https://example.org)\n\n> Never delete what you do not know.\n\n| a | b |\n|---|---|\n| 1 | 2 |"})
add("Polystat", "grafana-polystat-panel", hosts(9, instant=False), {"globalUnitFormat": "percent", "globalThresholdsConfig": [
    {"color": "#299c46", "value": 0, "state": 0}, {"color": "#e5ac0e", "value": 60, "state": 1}, {"color": "#d44a3a", "value": 80, "state": 2}]})
add("Geomap", "geomap", hosts(4, format="table"), {})
add("Node graph", "nodeGraph", hosts(4, format="table"), {})

dashboard = {"title": "Looks", "uid": "looks", "schemaVersion": 39, "timezone": "utc", "time": {"from": "now-2h", "to": "now"}, "refresh": "", "panels": panels,
             "templating": {"list": []}, "annotations": {"list": []}, "links": []}
with open(sys.argv[1], "w", encoding="utf-8") as out:
    json.dump(dashboard, out, indent=1)
