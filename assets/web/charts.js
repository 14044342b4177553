// Draws the charts of a page. A <figure class="chart" data-chart="trend"> holds its figures as JSON in a
// <script type="application/json">, a frame that is an image to screen readers, and stays hidden while nobody draws it:
// the table beside it says the same. All figures and sentences come from the centre; nothing is computed here but places.
//
// Canvas and text tooltips only: the content security policy allows no inline style. Colours come from the style sheet, so
// that a dark screen, a light one and paper each get theirs. Levels carry patterns beside colours. Nothing moves.
"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const PAPER_WIDTH = 680;
  const NARROW = 560;

  const tokens = (element) => {
    const style = getComputedStyle(element);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    const all = {};
    for (const name of ["ink", "soft", "line", "edge", "card", "track", "accent", "on-accent", "count", "overall", "note",
      "level-1", "level-2", "level-3", "level-4", "level-5", "heat-low", "heat-high"]) all[name] = of(name);
    all.font = style.fontFamily;
    return all;
  };

  const UNITS = {
    share: (v) => `${+(v * 100).toFixed(1)}%`,
    level: (v) => String(+v.toFixed(2)),
    count: (v) => Math.round(v).toLocaleString("en-US"),
  };
  // Letters over lines stay readable on a rim of the ground's colour.
  const rimmed = (ink) => ({ textBorderColor: ink.card, textBorderWidth: 3 });
  // Even steps from end to end: without them a library that counts from nought sets two labels side by side at the ends.
  const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1];
  const steps = (start, end) => {
    const span = end - start;
    const even = (s) => span / s <= 6 && Math.abs(span / s - Math.round(span / s)) < 1e-6;
    return Number.isFinite(span) && span > 0 ? STEPS.find(even) : undefined;
  };
  // Tooltips read {style|text}; a name may hold a brace.
  const plain = (text) => String(text ?? "").replaceAll("{", "｛").replaceAll("}", "｝");

  const around = (ink, more = {}) => ({
    animation: false,
    textStyle: { fontFamily: ink.font, color: ink.ink, fontSize: 13 },
    aria: { enabled: false },
    tooltip: {
      trigger: more.trigger ?? "item", renderMode: "richText", confine: true, backgroundColor: ink.card, borderColor: ink.edge,
      borderWidth: 1, padding: [8, 12], textStyle: { color: ink.ink, fontSize: 13, lineHeight: 20, fontFamily: ink.font },
      axisPointer: { type: "line", lineStyle: { color: ink.soft } },
    },
  });
  const legend = (ink, names, more) => ({
    left: 0, top: 0, itemGap: 16, itemWidth: 22, itemHeight: 12, selectedMode: false, textStyle: { color: ink.soft, fontSize: 13 }, data: names, ...more,
  });
  const lines = (ink) => ({ axisLine: { lineStyle: { color: ink.edge } }, axisTick: { show: false }, splitLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.soft, fontSize: 12 } });
  // Names beside their rows; on a narrow screen above them, so that the drawing keeps its width.
  const names = (ink, width, labels) => ({
    type: "category", inverse: true, data: labels, ...lines(ink), splitLine: { show: false }, z: width < NARROW ? 6 : 0,
    axisLabel: width < NARROW
      ? { color: ink.ink, fontSize: 12, inside: true, margin: 2, align: "left", verticalAlign: "bottom", padding: [0, 0, 10, 0], width: width - 90, overflow: "truncate", interval: 0, ...rimmed(ink) }
      : { color: ink.ink, fontSize: 13, width: Math.round(Math.min(240, width * 0.3)), overflow: "truncate", interval: 0 },
  });
  const rowHeight = (width) => (width < NARROW ? 46 : 32);
  const mark = (ink, at, label) => ({
    silent: true, symbol: "none", lineStyle: { color: ink.overall, type: "dashed", width: 1.5 },
    animation: false, label: { color: ink.overall, formatter: plain(label), fontSize: 12 }, data: [at],
  });
  // The line of the whole has its name in the legend: inside the drawing it would lie across figures.
  const named = (ink, name) => ({
    type: "line", name, data: [], symbol: "none", silent: true, lineStyle: { color: ink.overall, type: "dashed", width: 1.5 }, itemStyle: { color: ink.overall, opacity: 0 },
  });
  const hatch = (ink, turn) => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: turn, color: ink.card });

  // One draw function a kind: (data, ink, width, paper) to { height, option }.
  const DRAW = {
    // A line on its confidence band, last period dashed, counts as bars below.
    trend(d, ink, width, paper) {
      const of = UNITS[d.unit];
      const value = (key) => d.points.map((p) => (p ? p[key] ?? null : null));
      const banded = d.points.some((p) => p && p.low !== undefined);
      const counted = d.counts.length > 0;
      const height = counted ? 380 : 300;
      const base = counted ? 130 : 40;
      const grid = [{ left: 56, right: 16, top: 44, bottom: base }];
      const x = [{ type: "category", data: d.labels, ...lines(ink), splitLine: { show: false }, axisLabel: { ...lines(ink).axisLabel, show: !counted, hideOverlap: true } }];
      const y = [{ type: "value", min: d.start, max: d.end, interval: steps(d.start, d.end), ...lines(ink), axisLine: { show: false }, axisLabel: { ...lines(ink).axisLabel, formatter: of } }];
      const dots = d.labels.length <= 62;
      const series = [];
      if (banded) {
        const ghost = { type: "line", stack: "band", symbol: "none", silent: true, lineStyle: { opacity: 0 }, emphasis: { disabled: true } };
        series.push({ ...ghost, name: "low", data: value("low"), stackStrategy: "all" });
        series.push({ ...ghost, name: d.words.band, stackStrategy: "all", data: d.points.map((p) => (p ? p.high - p.low : null)), areaStyle: { color: ink.accent, opacity: 0.2 }, itemStyle: { color: ink.accent, opacity: 0.25 } });
      }
      if (d.before.length) {
        series.push({ type: "line", name: d.words.before, data: d.before, symbol: "none", lineStyle: { color: ink.soft, type: "dashed", width: 1.5 }, itemStyle: { color: ink.soft } });
      }
      series.push({
        type: "line", name: d.words.value, data: value("value"), symbol: "circle", symbolSize: dots ? 7 : 3, showAllSymbol: dots, showSymbol: true,
        lineStyle: { color: ink.accent, width: 2 }, itemStyle: { color: ink.accent },
        markLine: d.overall === null ? undefined : mark(ink, { yAxis: d.overall, label: { show: false } }, ""),
      });
      const shown = [{ name: d.words.value }];
      if (d.overall !== null) { series.push(named(ink, d.words.overall)); shown.push({ name: d.words.overall }); }
      if (banded) shown.push({ name: d.words.band, icon: "rect" });
      if (d.before.length) shown.push({ name: d.words.before });
      if (counted) {
        shown.push({ name: d.words.count, icon: "rect" });
        grid.push({ left: 56, right: 16, height: 64, bottom: 34 });
        x.push({ type: "category", gridIndex: 1, data: d.labels, ...lines(ink), splitLine: { show: false }, axisLabel: { ...lines(ink).axisLabel, hideOverlap: true } });
        y.push({ type: "value", gridIndex: 1, splitNumber: 1, ...lines(ink), axisLine: { show: false }, splitLine: { show: false }, axisLabel: { ...lines(ink).axisLabel, formatter: UNITS.count, showMinLabel: false } });
        series.push({ type: "bar", name: d.words.count, xAxisIndex: 1, yAxisIndex: 1, data: d.counts, itemStyle: { color: ink.count }, barCategoryGap: "25%" });
      }
      const option = { ...around(ink, { trigger: "axis", paper }), legend: legend(ink, shown), grid, xAxis: x, yAxis: y, series, axisPointer: { link: [{ xAxisIndex: "all" }] } };
      option.tooltip.formatter = (at) => plain(d.tips[at[0].dataIndex]);
      const more = width < NARROW ? 24 * Math.ceil(shown.length / 2 - 1) : 0;
      return { height: height + more, option: lowered(option, more), hrefs: (e) => d.hrefs[e.dataIndex] };
    },

    // Shares of the five levels in each row, best first.
    levels(d, ink, width, paper) {
      const decals = { 4: undefined, 2: hatch(ink, Math.PI / 4), 1: hatch(ink, -Math.PI / 4) };
      const light = (level) => (level === 3 || level === 4 || level === 2);
      const rows = d.rows.map((r) => r.name);
      const series = d.words.levels.map((name, at) => {
        const level = 5 - at;
        return {
          type: "bar", stack: "all", name, barWidth: width < NARROW ? 18 : 22,
          itemStyle: { color: ink[`level-${level}`], decal: decals[level], borderColor: ink.card, borderWidth: 1 },
          label: { show: true, fontSize: 12, color: light(level) ? "#1b1512" : "#fff", textBorderWidth: 0, formatter: (p) => (p.value * width * (width < NARROW ? 0.9 : 0.7) > 44 && level > 2 ? UNITS.share(p.value) : "") },
          data: d.rows.map((r) => r.shares[at]),
        };
      });
      const top = width < NARROW ? 88 : 36;
      const option = {
        ...around(ink, { paper }), legend: legend(ink, d.words.levels, { itemGap: 10 }), series,
        grid: { left: 8, right: 24, top, bottom: 8, containLabel: true },
        xAxis: { type: "value", min: 0, max: 1, ...lines(ink), axisLabel: { ...lines(ink).axisLabel, formatter: UNITS.share } },
        yAxis: names(ink, width, rows),
      };
      option.tooltip.formatter = (p) => plain(d.rows[p.dataIndex].tip);
      return { height: top + 44 + rows.length * rowHeight(width), option, hrefs: (e) => d.rows[e.dataIndex].href };
    },

    // Rows by columns; a cell with few ratings is hatched and says only so.
    heat(d, ink, width, paper) {
      const turned = width < NARROW && d.columns.length > d.rows.length;
      const [across, down] = turned ? [d.rows, d.columns] : [d.columns, d.rows];
      const of = UNITS[d.unit];
      const at = (c) => (turned ? [c.row, c.column] : [c.column, c.row]);
      const cells = d.cells.map((c) => ({ value: [...at(c), c.few || c.value === undefined ? null : c.value], few: c.few, tip: c.tip, href: c.href }));
      const roomy = (width - 110) / across.length > 46;
      const cell = (width - 110) / across.length;
      const long = across.some((name) => name.length * (/[^\x00-\xff]/.test(name) ? 13 : 7) > cell);
      const turn = long && across.length <= 14 ? 50 : 0;
      const tone = (t) => mixed(ink["heat-low"], ink["heat-high"], t);
      const data = cells.filter((c) => c.value[2] !== null).map((c) => {
        const share = d.high > d.low ? (c.value[2] - d.low) / (d.high - d.low) : 1;
        const ground = tone(Math.min(1, Math.max(0, share)));
        return { ...c, itemStyle: { color: hex(ground) }, label: { color: readable(ground) } };
      });
      const few = cells.filter((c) => c.few).map((c) => ({ ...c, value: [c.value[0], c.value[1], 0], itemStyle: { color: ink.card, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [1, 6], rotation: Math.PI / 4, color: ink.edge } } }));
      const option = {
        ...around(ink, { paper }), grid: { left: 8, right: 12, top: 8, bottom: 56, containLabel: true },
        xAxis: { type: "category", data: across, ...lines(ink), splitLine: { show: false }, axisLabel: { color: ink.ink, fontSize: 12, interval: across.length > 14 && !roomy ? "auto" : 0, rotate: turn, width: turn ? 84 : cell - 4, overflow: "truncate" } },
        yAxis: { ...names(ink, NARROW, down), axisLabel: { color: ink.ink, fontSize: 12, width: Math.round(width * 0.28), overflow: "truncate", interval: 0 } },
        visualMap: { min: d.low, max: d.high, calculable: false, orient: "horizontal", left: "center", bottom: 4, itemWidth: 14, itemHeight: 160, text: [of(d.high), of(d.low)], textStyle: { color: ink.soft }, inRange: { color: [hex(tone(0)), hex(tone(0.5)), hex(tone(1))] }, seriesIndex: 0 },
        series: [
          { type: "heatmap", data, label: { show: roomy, fontSize: 12, formatter: (p) => of(p.value[2]) }, itemStyle: { borderColor: ink.card, borderWidth: 2 } },
          { type: "heatmap", data: few, itemStyle: { borderColor: ink.card, borderWidth: 2 } },
        ],
      };
      // The colours are set cell by cell, from the same ramp that the scale shows.
      option.visualMap.seriesIndex = [2];
      option.series.push({ type: "heatmap", data: [] });
      option.tooltip.formatter = (p) => plain(p.data.tip);
      return { height: 110 + (turn ? 52 : 0) + down.length * 34, option, hrefs: (e) => e.data?.href };
    },

    // Bars by size with the line of their running sum.
    pareto(d, ink, width, paper) {
      const labels = d.rows.map((r) => r.name);
      const option = {
        ...around(ink, { trigger: "axis", paper }), legend: legend(ink, [{ name: d.words.count, icon: "rect" }, { name: d.words.running }]),
        grid: { left: 8, right: 24, top: 64, bottom: 8, containLabel: true },
        yAxis: names(ink, width, labels),
        xAxis: [
          { type: "value", ...lines(ink), position: "bottom", axisLabel: { ...lines(ink).axisLabel, formatter: UNITS.count, hideOverlap: true }, minInterval: 1 },
          { type: "value", min: 0, max: 1, position: "top", ...lines(ink), splitLine: { show: false }, splitNumber: width < NARROW ? 2 : 5, axisLabel: { ...lines(ink).axisLabel, formatter: UNITS.share } },
        ],
        series: [
          { type: "bar", name: d.words.count, data: d.rows.map((r) => r.n), barWidth: width < NARROW ? 16 : 20, itemStyle: { color: ink.count }, label: { show: true, position: "insideLeft", color: ink.ink, formatter: (p) => UNITS.count(p.value) } },
          { type: "line", name: d.words.running, xAxisIndex: 1, data: d.rows.map((r) => [r.running, r.name]), symbol: "circle", symbolSize: 7, lineStyle: { color: ink.accent, width: 2 }, itemStyle: { color: ink.accent }, markLine: mark(ink, { xAxis: 0.8, label: { show: false } }, "") },
        ],
      };
      option.tooltip.formatter = (at) => plain(d.rows[at[0].dataIndex].tip);
      return { height: 110 + labels.length * rowHeight(width), option, hrefs: (e) => d.rows[e.dataIndex]?.href };
    },

    // A dot on its interval in each row, rows of one rank on one ground.
    ranking(d, ink, width, paper) {
      const of = UNITS[d.unit];
      const y = names(ink, width, d.rows.map((r) => r.name));
      if (d.rows.some((r) => r.rank)) {
        const rim = width < NARROW ? rimmed(ink) : {};
        y.axisLabel.rich = { rank: { color: ink.soft, fontSize: 12, padding: [0, 12, 0, 0], ...rim }, name: { color: ink.ink, fontSize: y.axisLabel.fontSize, ...rim } };
        y.axisLabel.formatter = (name, at) => `{rank|${plain(d.rows[at]?.rank)}}{name|${plain(name)}}`;
      }
      const bars = d.rows.every((r) => r.low === undefined);
      // Rows of one rank stand on one ground.
      const series = [{
        type: "custom", silent: true, z: 1, encode: { y: 0 }, data: d.rows.map((r, i) => [i]),
        renderItem: (params, api) => {
          if (d.rows[params.dataIndex].band % 2 === 0) return null;
          const [, middle] = api.coord([d.start, api.value(0)]);
          const tall = api.size([0, 1])[1];
          return { type: "rect", shape: { x: params.coordSys.x, y: middle - tall / 2, width: params.coordSys.width, height: tall }, style: { fill: ink.track, opacity: 0.6 } };
        },
      }];
      if (bars) {
        series.push({ type: "bar", barMaxWidth: 20, data: d.rows.map((r) => r.value ?? null), itemStyle: { color: ink.accent } });
      } else {
        series.push({
          type: "custom", encode: { x: [1, 2, 3], y: 0 }, data: d.rows.map((r, i) => [i, r.low ?? NaN, r.value ?? NaN, r.high ?? NaN]),
          renderItem: (params, api) => {
            if (Number.isNaN(api.value(1))) return null;
            const [low, row] = api.coord([api.value(1), api.value(0)]);
            const [high] = api.coord([api.value(3), api.value(0)]);
            const [dot] = api.coord([api.value(2), api.value(0)]);
            const stroke = { stroke: ink.accent, lineWidth: 2.5, fill: null };
            const cap = (x) => ({ type: "line", shape: { x1: x, y1: row - 5, x2: x, y2: row + 5 }, style: { ...stroke, lineWidth: 1.5 } });
            return { type: "group", children: [
              { type: "line", shape: { x1: low, y1: row, x2: high, y2: row }, style: stroke }, cap(low), cap(high),
              { type: "circle", shape: { cx: dot, cy: row, r: 5 }, style: { fill: ink.accent } },
            ] };
          },
        });
      }
      if (d.rows.some((r) => r.before !== undefined)) {
        series.push({ type: "scatter", name: d.words.before, symbol: "diamond", symbolSize: 9, silent: true, itemStyle: { color: ink.card, borderColor: ink.soft, borderWidth: 1.5 }, data: d.rows.map((r, i) => [r.before ?? NaN, i]) });
      }
      if (d.overall !== null) {
        series.push({ type: "scatter", data: [], markLine: mark(ink, { xAxis: d.overall, label: { position: "start" } }, d.words.overall) });
      }
      // n stands at the end of each row: a rate without it says little.
      const ends = { ...names(ink, width, []), position: "right", axisTick: { show: false }, splitArea: { show: false }, data: d.rows.map((r) => r.n), axisLabel: { color: ink.soft, fontSize: 12, interval: 0 }, axisLine: { show: false }, z: 0 };
      series.push({ type: "scatter", yAxisIndex: 1, data: [] });
      const option = {
        ...around(ink, { paper }), series, grid: { left: width < NARROW ? 20 : 8, right: 8, top: 32, bottom: 8, containLabel: true }, yAxis: [y, ends],
        xAxis: { type: "value", min: d.start, max: d.end, interval: width < NARROW ? undefined : steps(d.start, d.end), splitNumber: width < NARROW ? 3 : 5, ...lines(ink), axisLabel: { ...lines(ink).axisLabel, formatter: of, hideOverlap: true } },
      };
      option.tooltip.trigger = "axis";
      option.tooltip.axisPointer = { type: "shadow", axis: "y", shadowStyle: { color: ink.track, opacity: 0.5 } };
      option.tooltip.formatter = (at) => plain(d.rows[at[0].dataIndex]?.tip);
      return { height: 84 + d.rows.length * rowHeight(width), option, hrefs: (e) => d.rows[e.dataIndex]?.href };
    },

    // Rates against n within the control limits of the overall rate.
    funnel(d, ink, width, paper) {
      const curve = (key, wide) => ({
        type: "line", name: wide ? d.words.wide : d.words.near, symbol: "none", silent: true, data: d.limits.map((l) => [l.n, l[key]]),
        lineStyle: { color: wide ? ink.overall : ink.soft, width: 1.5, type: wide ? "solid" : "dashed" }, itemStyle: { color: wide ? ink.overall : ink.soft }, emphasis: { disabled: true },
      });
      const most = Math.max(...d.points.map((p) => p.n));
      const SHAPES = { within: "circle", near: "triangle", beyond: "diamond" };
      const points = (place) => ({
        type: "scatter", name: d.words[place], symbol: SHAPES[place], symbolSize: place === "within" ? 9 : 13,
        itemStyle: { color: place === "beyond" ? ink.overall : place === "near" ? ink.note : ink.accent, borderColor: ink.card, borderWidth: 1 },
        label: { show: place === "beyond" || (place === "near" && width >= NARROW), color: ink.ink, fontSize: 12, distance: 8, formatter: (p) => plain(p.data.name), width: width < NARROW ? 150 : 200, overflow: "truncate", ...rimmed(ink) },
        labelLayout: { hideOverlap: true },
        data: d.points.filter((p) => p.place === place).map((p) => ({ ...p, value: [p.n, p.value], label: width < NARROW ? { position: "top", align: p.n > most * 0.5 ? "right" : "left" } : { position: p.n > most * 0.6 ? "left" : "right" } })),
      });
      const option = {
        ...around(ink, { paper }),
        legend: legend(ink, [{ name: d.words.within }, { name: d.words.near_out }, { name: d.words.beyond }, { name: d.words.near, itemStyle: { opacity: 0 } }, { name: d.words.wide, itemStyle: { opacity: 0 } }, { name: d.words.overall }], { itemGap: 10 }),
        grid: { left: 8, right: 24, top: width < NARROW ? 120 : 44, bottom: 34, containLabel: true },
        xAxis: { type: "value", name: d.words.n, nameLocation: "middle", nameGap: 28, nameTextStyle: { color: ink.soft }, min: 0, ...lines(ink), splitLine: { show: false }, axisLabel: { ...lines(ink).axisLabel, formatter: UNITS.count, hideOverlap: true } },
        yAxis: { type: "value", min: d.start, max: d.end, interval: steps(d.start, d.end), ...lines(ink), axisLabel: { ...lines(ink).axisLabel, formatter: UNITS.share } },
        series: [
          named(ink, d.words.overall), curve("near_low"), curve("near_high"), curve("wide_low", true), curve("wide_high", true),
          { ...points("within"), markLine: mark(ink, { yAxis: d.overall, label: { show: false } }, "") },
          { ...points("near"), name: d.words.near_out }, points("beyond"),
        ],
      };
      option.tooltip.formatter = (p) => plain(p.data?.tip);
      return { height: width < NARROW ? 424 : 460, option, hrefs: (e) => e.data?.href };
    },
  };

  const lowered = (option, by) => ({ ...option, grid: option.grid.map((g) => (g.top === undefined ? g : { ...g, top: g.top + by })) });
  const channels = (text) => {
    const full = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text;
    return [1, 3, 5].map((i) => parseInt(full.slice(i, i + 2), 16));
  };
  const mixed = (from, to, t) => channels(from).map((c, i) => Math.round(c + (channels(to)[i] - c) * t));
  const hex = (rgb) => `#${rgb.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
  const light = (rgb) => rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const readable = (rgb) => (1.05 / (light(rgb) + 0.05) > (light(rgb) + 0.05) / 0.05 ? "#ffffff" : "#000000");

  const drawn = [];
  for (const figure of document.querySelectorAll("figure.chart")) {
    const source = figure.querySelector('script[type="application/json"]');
    const frame = figure.querySelector(".frame-of-chart");
    const draw = DRAW[figure.dataset.chart];
    if (!source || !frame || !draw || typeof echarts === "undefined") continue;
    const data = JSON.parse(source.textContent);
    figure.hidden = false;
    let chart = null;
    let hrefs = () => undefined;
    const paint = () => {
      const width = frame.clientWidth;
      if (!width) return;
      const made = draw(data, tokens(figure), width, false);
      frame.style.height = `${made.height}px`;
      if (!chart) {
        chart = echarts.init(frame, null, { renderer: "canvas" });
        chart.on("click", (e) => { const to = hrefs(e); if (typeof to === "string" && to.startsWith("/")) location.assign(to); });
      } else {
        chart.resize();
      }
      hrefs = made.hrefs;
      chart.setOption(made.option, { notMerge: true });
    };
    paint();
    let width = frame.clientWidth;
    new ResizeObserver(() => { if (frame.clientWidth !== width) { width = frame.clientWidth; paint(); } }).observe(frame);
    dark.addEventListener("change", paint);
    drawn.push({ figure, frame, draw, data });
  }

  // Paper gets a picture of one size in paper's colours, drawn at once: a page about to be printed waits for nothing.
  const sheets = [];
  addEventListener("beforeprint", () => {
    for (const { figure, draw, data } of drawn) {
      const sheet = document.createElement("div");
      sheet.className = "sheet-of-chart";
      figure.append(sheet);
      const made = draw(data, tokens(sheet), PAPER_WIDTH, true);
      const chart = echarts.init(sheet, null, { renderer: "canvas", width: PAPER_WIDTH, height: made.height, devicePixelRatio: 2 });
      chart.setOption(made.option);
      chart.getZr().flush();
      sheets.push({ sheet, chart });
    }
  });
  addEventListener("afterprint", () => {
    for (const { sheet, chart } of sheets.splice(0)) { chart.dispose(); sheet.remove(); }
  });
})();
