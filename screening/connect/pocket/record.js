// What is recorded, in memory only, and what comes next. The record has the shape that the laptop
// reads (screening/interview/record.py). Nothing here draws.

const SPOKEN_TO_CHILD = 8; // spoken prompts that an officer puts to a child (S22)
const MOST_QUESTIONS = { child: 6, adult: 15 }; // of the short interview; the full list has the rest

function interviewOf(k, engine) {
  const choosers = {};
  const danger = k.protocol.danger;
  let record = begin();
  let undo = [];
  let passedBefore = false;

  function begin() {
    const number = crypto.getRandomValues(new Uint32Array(1))[0] % 900000 + 100000;
    return {
      format: k.format, case_id: "P-" + number, checklist: k.checklist.id, version: k.checklist.version,
      sha256: k.checklist.sha256, weights: k.weights.id, weights_sha256: k.weights.sha256,
      age: null, age_certain: true, person: false, source: "interview", preconditions: {}, facts: {},
      letter: {}, answers: {}, passed: [], judgement: null, decision: null, changes: [],
    };
  }

  /** Set something, note the change, and keep the record as it was for undo. */
  function set(what, before, after, values) {
    if (before === after && Object.keys(values).every((key) => JSON.stringify(record[key]) === JSON.stringify(values[key]))) return;
    undo.push(record);
    record = { ...record, ...values, changes: [...record.changes, [what, before, after]] };
  }

  const words = (r) => (r ? r.answer + (r.basis ? ` (${r.basis})` : "") + (r.note ? `: ${r.note}` : "") : "");

  function answer(id, response) {
    const given = Object.fromEntries(Object.entries(response).filter(([, v]) => v));
    const answers = { ...record.answers };
    if (given.answer === "not_asked" && !given.note && !given.basis) delete answers[id];
    else answers[id] = given;
    const passed = record.passed.filter((p) => p !== id);
    if (given.answer === "not_asked") passed.push(id);
    set("answer:" + id, words(record.answers[id]), words(given), { answers, passed });
  }

  function precondition(key, choice) {
    if (key === "danger") {
      const before = record.answers[danger];
      return answer(danger, { ...before, answer: choice, basis: before?.basis || "observed" });
    }
    set("precondition:" + key, record.preconditions[key] ?? "", choice,
      { preconditions: { ...record.preconditions, [key]: choice } });
  }

  function person(age, certain, facts) {
    const said = (a, c) => (a === null ? "?" : a) + (c ? "" : " (not certain)");
    const preconditions = { ...record.preconditions };
    const adult = age !== null && age >= k.adult_age && certain;
    if (adult) preconditions.representative = "adult";
    else if (preconditions.representative === "adult") delete preconditions.representative;
    set("age", record.person ? said(record.age, record.age_certain) : "", said(age, certain),
      { age, age_certain: certain, person: true, facts: { ...facts }, preconditions });
  }

  const profile = () => profileOf(record, k.adult_age)[0];

  /** Signs that a fact or an answer hides: not put, and not counted where they were answered. */
  function hidden() {
    const found = new Set();
    for (const skip of k.protocol.skips) {
      const given = skip.fact ? record.facts[skip.fact] : record.answers[skip.indicator]?.answer;
      if (skip.equals.includes(given)) skip.hide.forEach((id) => found.add(id));
    }
    return found;
  }

  /** The case as it is scored: what is hidden is left open, never no. */
  function counted() {
    const off = hidden();
    const answers = Object.fromEntries(Object.entries(record.answers).filter(([id]) => !off.has(id)));
    return { age: record.age, age_certain: record.age_certain, answers };
  }

  const score = () => engine.score(counted());

  /** Yes where any sign of danger is, or nobody can tell (S21); no; or "" where nobody was asked. */
  function inDanger() {
    if (score().danger.state === "present") return "yes";
    const given = record.answers[danger]?.answer;
    return given === "unknown" || given === "refused" ? "yes" : given ? "no" : "";
  }

  /** Whether a yes to a sign opens help first: one that means danger, whoever the person is (S21). */
  const meansDanger = new Set(["adult", "child"].flatMap((who) => engine.relevant[who].filter((n) =>
    engine.raised(engine.scaleOf(who), engine.withOne(engine.none(), n)) === "act_now")));
  const helpAfter = (n) => {
    const now = record.answers[k.signs[n].id]?.answer;
    return (now === "yes" && meansDanger.has(n))
      || (k.signs[n].id === danger && (now === "unknown" || now === "refused"));
  };

  /** The preconditions because of which nothing may be asked aloud now (S8, S22). */
  function withheld() {
    const given = { ...record.preconditions };
    const said = record.answers[danger]?.answer;
    if (said) given.danger = said === "yes" ? "yes" : said === "no" || said === "not_applicable" ? "no" : "unknown";
    if (profile() === "child" && given.representative === "adult") delete given.representative;
    return Object.entries(k.protocol.preconditions).flatMap(([key, choices]) =>
      (choices[given[key]] && given[key] !== "nobody_yet" ? [] : [key]));
  }

  const sign = (n) => k.signs[n];
  const gone = (id) => (record.answers[id] && record.answers[id].answer !== "not_asked") || record.passed.includes(id);

  /** Whether a question may be put aloud now by an officer. A child is asked little: at most eight
   *  prompts, and none once the finding is refer. */
  function aloud(n) {
    const who = profile();
    if (sign(n).mode[who] !== "ask" || sign(n).asked_by[who] !== "frontline" || withheld().length) return false;
    if (who === "adult") return true;
    const spoken = engine.relevant.child.filter((m) => sign(m).mode.child === "ask" && gone(sign(m).id));
    return spoken.length < SPOKEN_TO_CHILD && rankOf(score().finding) < rankOf("refer");
  }

  function openItems() {
    const off = hidden();
    return engine.relevant[profile()].filter((n) => !gone(sign(n).id) && !off.has(sign(n).id));
  }

  const askable = () => openItems().filter((n) => sign(n).mode[profile()] !== "ask" || aloud(n));

  /** How many questions were answered or left open so far. */
  const put = () => engine.relevant[profile()].filter((n) => gone(sign(n).id) && sign(n).id !== danger).length;

  /** The next question of the short interview, or null where enough is known or nothing may be put. */
  function nextQuestion(goingOn) {
    const can = askable(), who = profile();
    choosers[who] ??= chooserOf(k, engine, who);
    const sets = engine.setsOf(counted());
    if (!goingOn) {
      if (put() >= MOST_QUESTIONS[who] || score().settled) return null;
      if (choosers[who].change(sets, can) < k.enough) return null;
    }
    const careful = who === "child" || record.facts[k.protocol.company] !== "alone";
    // What can be seen here comes first; records are for the office.
    const first = careful ? can.filter((n) => sign(n).mode[who] === "observe") : [];
    return choosers[who].choose(sets, can, first);
  }

  /** The question that matters most of those that `may` lets through; null where enough is known. */
  function pick(may) {
    const who = profile(), sets = engine.setsOf(counted());
    choosers[who] ??= chooserOf(k, engine, who);
    return score().settled ? null : choosers[who].choose(sets, askable().filter(may), []);
  }

  /** The step that comes next: danger, person, what is settled before asking, a question, the
   *  officer's own judgement, the finding. */
  function next(goingOn = false) {
    if (!record.answers[danger]) return ["precondition", "danger"];
    if (!record.person) return ["person"];
    if (profile() === "child" && !(record.preconditions.representative in { social_worker: 1, guardian: 1, parent: 1, nobody_yet: 1 })) {
      return ["precondition", "representative"];
    }
    const before = ["private", "interpreter", "may_stop", "agreement"].filter((key) => !record.preconditions[key]);
    // Where nobody speaks for the child nothing is asked aloud, so nothing has to be settled first.
    if (before.length && record.preconditions.representative !== "nobody_yet" && !passedBefore) return ["before"];
    const n = nextQuestion(goingOn);
    if (n !== null) return ["question", n];
    return record.judgement ? ["finding"] : ["check"];
  }

  function judge(finding, why) {
    const said = (j) => (j ? j.finding + (j.why ? ": " + j.why : "") : "");
    const judgement = { finding, why };
    if (record.judgement && record.changes.some(([what]) => what === "shown")) return;
    set("judgement", said(record.judgement), said(judgement), { judgement });
  }

  function decide(finding, why) {
    const said = (j) => (j ? j.finding + (j.why ? ": " + j.why : "") : "");
    set("decision", said(record.decision), said({ finding, why }), { decision: { finding, why } });
  }

  /** The finding, with the showing noted; never before the officer's own judgement (S9). */
  function shown() {
    if (!record.judgement) throw new Error("the officer's own judgement comes first");
    const result = score();
    const last = record.changes.filter(([what]) => what === "shown").at(-1)?.[2];
    if (last !== result.finding) record = { ...record, changes: [...record.changes, ["shown", "", result.finding]] };
    return result;
  }

  return {
    answer, precondition, person, profile, hidden, score, inDanger, helpAfter, withheld, aloud, askable, put, pick, next,
    judge, decide, shown, gone,
    /** The questions before the questions were gone through, whatever was said. */
    passBefore() { passedBefore = true; },
    get record() { return record; },
    get wasShown() { return record.changes.some(([what]) => what === "shown"); },
    get canUndo() { return undo.length > 0; },
    /** Take the last setting back; what a finding was shown for stays judged as it was. */
    undo() {
      if (!undo.length) return;
      const shown = record.changes.filter(([what]) => what === "shown");
      record = undo.pop();
      if (shown.length && !record.changes.some(([what]) => what === "shown")) {
        record = { ...record, changes: [...record.changes, ...shown] };
      }
    },
    /** Another record, from a file; or a new one. */
    take(data) { record = data ?? begin(); undo = []; passedBefore = false; },
  };
}
