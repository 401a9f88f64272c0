// The live page of a run: one stream of events, drawn as it comes. Columns of a point:
// step, reward, accuracy, lag, sampling tokens/s, learning tokens/s, sampling idle, learning idle,
// sampling error.
"use strict";

const COLUMNS = 9;
const STATES = ["leased", "recorded", "batched", "consumed", "dropped"];
const columns = Array.from({ length: COLUMNS }, () => []);
const byId = (id) => document.getElementById(id);
const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const percent = (share) => (share == null ? "–" : (100 * share).toFixed(1) + "%");
const fixed = (number, digits) => (number == null ? "–" : number.toFixed(digits));
function count(number) {
  if (number == null) return "–";
  if (number >= 1e6) return (number / 1e6).toFixed(1) + " M";
  return number >= 1e4 ? (number / 1e3).toFixed(1) + " k" : Math.round(number).toLocaleString("en");
}
function time(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return whole + " s";
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? minutes + " min " + String(whole % 60).padStart(2, "0") + " s"
    : Math.floor(minutes / 60) + " h " + String(minutes % 60).padStart(2, "0") + " min";
}

// Charts: each has the numbers of its columns, their names and how values are written.
const CHARTS = [
  { id: "chart-reward", series: [[1, "reward", "--a"], [2, "accuracy", "--b"]], range: [0, 1], write: (v) => fixed(v, 3) },
  { id: "chart-lag", series: [[3, "lag", "--a"]], range: [0, null], write: (v) => fixed(v, 2) },
  { id: "chart-speed", series: [[4, "sampling", "--a"], [5, "learning", "--b"]], range: [0, null], write: count },
  { id: "chart-idle", series: [[6, "sampling", "--a"], [7, "learning", "--b"]], range: [0, 1], write: percent },
];
const ERROR_CHART = { id: "chart-error", series: [[8, "sampling error", "--a"]], range: [0, null], write: (v) => fixed(v, 4) };
let charts = [];

// A run in environments is measured by returns, and its work counted in steps.
let inEnvironments = false;
const result = (v) => (inEnvironments ? fixed(v, 1) : percent(v));
function measure(run) {
  if (inEnvironments || run.measure !== "return") return;
  inEnvironments = true;
  CHARTS[0] = { ...CHARTS[0], series: [[1, "last 100 episodes", "--a"], [2, "evaluation", "--b"]], range: [null, null], write: (v) => fixed(v, 1) };
  text("accuracy-name", "Return");
  text("reward-name", "Training return");
  text("reward-note", "mean of the last 100 episodes");
  text("chart-reward-name", "Return");
  text("chart-speed-name", "Steps per second");
  byId("answers").hidden = true;
  draw();
}

// Only runs that keep a buffer have one.
function error(run) {
  if (run.samplingError == null || CHARTS.includes(ERROR_CHART)) return;
  CHARTS.push(ERROR_CHART);
  byId("error").hidden = false;
  draw();
}

function draw() {
  charts.forEach((chart) => chart.plot.destroy());
  charts = CHARTS.map((chart) => {
    const place = byId(chart.id);
    const axis = { stroke: style("--quiet"), grid: { stroke: style("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
    const plot = new uPlot({
      width: Math.max(200, place.clientWidth),
      height: 190,
      cursor: { y: false },
      scales: {
        x: { time: false },
        y: { range: (_, low, high) => [chart.range[0] ?? Math.min(0, low * 1.08), chart.range[1] ?? (high > 0 ? high * 1.08 : 1)] },
      },
      axes: [{ ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000] }, { ...axis, size: 56, values: (_, splits) => splits.map((v) => (chart.write === count ? count(v) : chart.write === percent ? Math.round(v * 100) + "%" : +v.toFixed(2))) }],
      series: [
        { label: "step" },
        ...chart.series.map(([column, label, colour]) => ({
          label, stroke: style(colour), width: 2, spanGaps: true, value: (_, v) => chart.write(v),
          points: { show: column === 2, size: 6, fill: style(colour) },
        })),
      ],
    }, data(chart), place);
    return { ...chart, plot };
  });
}
const data = (chart) => [columns[0], ...chart.series.map(([column]) => columns[column])];

function text(id, value) { byId(id).textContent = value; }
function row(cells) {
  const tr = document.createElement("tr");
  for (const [value, kind] of cells) {
    const td = document.createElement("td");
    td.textContent = value;
    if (kind) td.className = kind;
    tr.append(td);
  }
  return tr;
}

function show(run) {
  document.title = run.name + " – Troupe";
  text("name", run.name);
  text("phase", run.phase);
  byId("phase").className = "badge " + run.phase;
  const supervised = run.stage === "supervised";
  const made = supervised ? run.supervisedStep : run.update;
  const goal = supervised ? run.supervisedSteps : run.updatesMax;
  const doing = { none: "", supervised: "supervised step ", reinforced: "update ", closing: "last evaluation" }[run.stage];
  text("doing", doing + (supervised || run.stage === "reinforced" ? made + (goal ? " of " + goal : "") : "") + (run.detail ? " · " + run.detail : ""));
  text("times", time(run.elapsedSeconds) + (run.leftSeconds == null ? "" : ", about " + time(run.leftSeconds) + " left"));
  byId("bar").style.width = run.phase === "done" || run.stage === "closing" ? "100%" : goal ? (100 * made) / goal + "%" : "0";
  byId("stall").hidden = !run.stall;
  if (run.stall) text("stall", run.stall.actor + " has waited " + time(run.stall.sinceSeconds) + " for " + run.stall.waitsFor);

  measure(run);
  error(run);
  const work = inEnvironments ? "steps" : "tokens";
  text("accuracy", result(run.accuracy));
  text("accuracy-note", run.accuracyBefore == null ? (inEnvironments ? "greedy episodes" : "held-out tasks, greedy") : "from " + result(run.accuracyBefore) + ", best " + result(run.best));
  text("reward", fixed(run.reward, inEnvironments ? 1 : 3));
  text("lag", fixed(run.lagMean, 2));
  text("lag-note", run.lagMax == null ? "updates, mean" : "updates, mean; largest " + run.lagMax);
  text("sampling", count(run.samplingTokensPerSecond));
  text("sampling-note", work + "/s, idle " + percent(run.samplingIdleShare));
  text("learning", count(run.learningTokensPerSecond));
  text("learning-note", work + "/s, idle " + percent(run.learningIdleShare));
  text("loss", fixed(run.loss, 4));
  ledger(run.ledger);
  byId("difficulties").replaceChildren(...run.difficulties.map((d) => row([
    [d.difficulty || "any", ""], [count(d.judged), "number"], [fixed(d.reward, 3), "number"], [count(d.dropped), "number"]])));
  judges(run.judges);
  byId("samples").replaceChildren(...run.samples.slice(0, 12).map((s) => row([
    [s.right ? "✓" : "✗", s.right ? "right" : "wrong"], [s.prompt, "text"], [s.answer || "(nothing)", "text"],
    [s.expected, "text"], [s.outcome, ""], [s.policy, "number"]])));
}

function judges(all) {
  byId("judges-card").hidden = inEnvironments;
  byId("judges").replaceChildren(...all.verifiers.map((v) => row([
    [v.name, "text"], [v.state === "in-force" ? "in force" : v.state === "at-work" ? "finishes what began with it" : "gone", ""],
    [count(v.judged), "number"], [fixed(v.reward, 3), "number"], [count(v.unscored), "number"], [milliseconds(v.median), "number"], [milliseconds(v.slow), "number"]])));
  shadow(all.shadow);
}

function milliseconds(seconds) {
  return seconds == null ? "–" : fixed(1000 * seconds, 1) + " ms";
}

function shadow(it) {
  byId("shadow").hidden = !it;
  if (!it) return;
  const state = { judging: it.trial ? "is on trial for " + count(it.trial) + " trajectories" : "judges beside the verifier in force", taken: "passed its trial", refused: "is not taken", ended: "judges beside no more" }[it.state];
  text("shadow-words", it.name + " " + state + (it.words ? ": " + it.words : "") + ". Compared " + count(it.compared) + ", agreement " + percent(it.agreement)
    + ", mean score " + fixed(it.shadowReward, 3) + " (in force " + fixed(it.reward, 3) + "), without a score " + count(it.shadowUnscored) + " (in force " + count(it.unscored) + ")"
    + (it.skipped ? ", skipped " + count(it.skipped) : "") + ".");
  byId("shadow-examples").replaceChildren(...it.examples.map((e) => row([[e.prompt, "text"], [e.answer, "text"], [e.outcome, ""], [e.shadow, ""]])));
}

function ledger(counts) {
  const parts = STATES.map((state) => counts[state]);
  const sum = parts.reduce((a, b) => a + b, 0);
  byId("account").replaceChildren(...STATES.map((state, i) => {
    const part = document.createElement("div");
    part.style.background = "var(--" + state + ")";
    part.style.width = (sum ? (100 * parts[i]) / sum : 0) + "%";
    part.title = state + ": " + parts[i];
    return part;
  }));
  const holds = sum === counts.granted;
  text("law", counts.granted.toLocaleString("en") + " granted = " + parts.map((p, i) => p.toLocaleString("en") + " " + STATES[i]).join(" + ") + (holds ? "" : " — the law is broken"));
  const rows = STATES.map((state, i) => {
    const tr = row([["", ""], [parts[i].toLocaleString("en"), "number"]]);
    const dot = document.createElement("span");
    dot.className = "dot";
    dot.style.background = "var(--" + state + ")";
    tr.firstChild.append(dot, state);
    return tr;
  });
  for (const [reason, dropped] of Object.entries(counts.droppedByReason)) {
    rows.push(row([["      dropped, " + reason, "quiet"], [dropped.toLocaleString("en"), "number"]]));
  }
  rows.push(row([["late copies refused (outside the account)", "quiet"], [counts.duplicates.toLocaleString("en"), "number"]]));
  byId("ledger").replaceChildren(...rows);
}

function take(run) {
  if (run.reset) columns.forEach((column) => (column.length = 0));
  run.points.forEach((point) => point.forEach((value, i) => columns[i].push(value)));
  show(run);
  if (!charts.length) draw();
  else if (run.points.length || run.reset) charts.forEach((chart) => chart.plot.setData(data(chart)));
}

const stream = new EventSource("events");
stream.onmessage = (event) => take(JSON.parse(event.data));
stream.onerror = () => {
  text("phase", "process has ended");
  byId("phase").className = "badge gone";
};
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
