// What is recorded, in memory only, and what comes next. The record has the shape that the laptop
// reads (screening/interview/record.py). Nothing here draws.

const SPOKEN_TO_CHILD = 8; // spoken prompts that an officer puts to a child (S22)
const FORESEEN = 8; // questions that are counted ahead

function interviewOf(k, engine) {
  const choosers = {};
  const danger = k.protocol.danger;
  let record = begin();
  let undo = [];
  let memo = { of: null };

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

  /** An answer; one that is left open is not put again, unless it was only taken back. */
  function answer(id, response, leaves = response.answer === "not_asked") {
    const given = Object.fromEntries(Object.entries(response).filter(([, v]) => v));
    const answers = { ...record.answers };
    if (given.answer === "not_asked" && !given.note && !given.basis) delete answers[id];
    else answers[id] = given;
    const passed = record.passed.filter((p) => p !== id);
    if (leaves) passed.push(id);
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

  /** Something that follows from the record alone, worked out once for each record. */
  const once = (name, make) => {
    if (memo.of !== record) memo = { of: record };
    return (memo[name] ??= make());
  };
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

  const score = () => once("score", () => engine.score(counted()));

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

  /** What was chosen at each precondition; that of danger is the answer to its question. */
  function preconditions() {
    const given = { ...record.preconditions }, said = record.answers[danger]?.answer ?? "not_asked";
    if (said !== "not_asked") given.danger = { yes: "yes", no: "no", not_applicable: "no" }[said] ?? "unknown";
    if (profile() === "child" && given.representative === "adult") delete given.representative;
    if (profile() === "adult" && (given.representative ?? "nobody_yet") === "nobody_yet") given.representative = "adult";
    return Object.fromEntries(Object.entries(k.protocol.preconditions)
      .flatMap(([key, choices]) => (given[key] in choices ? [[key, given[key]]] : [])));
  }

  /** The preconditions because of which nothing may be asked aloud now (S8, S22). */
  const withheld = () => once("withheld", () => {
    const given = preconditions();
    return Object.entries(k.protocol.preconditions).filter(([key, choices]) => !choices[given[key]]).map(([key]) => key);
  });

  /** The preconditions that are still to be gone through before anything is asked aloud; once one
   *  of them keeps every question back, none. */
  function before() {
    const given = preconditions(), all = k.protocol.preconditions;
    const asked = ["representative", ...Object.keys(all).filter((key) => key !== "representative" && key !== "danger")]
      .filter((key) => key !== "representative" || profile() === "child");
    if (asked.some((key) => key in given && !all[key][given[key]])) return [];
    return asked.filter((key) => !(key in given));
  }

  const sign = (n) => k.signs[n];
  const gone = (id) => (record.answers[id] && record.answers[id].answer !== "not_asked") || record.passed.includes(id);
  const everything = k.signs.map((_, n) => n);
  /** How many questions were gone through, danger aside; how many of all were put aloud. */
  const answered = () => everything.filter((n) => gone(sign(n).id) && sign(n).id !== danger).length;
  const spoken = () => everything.filter((n) => gone(sign(n).id) && sign(n).mode[profile()] === "ask").length;

  /** Whether an officer asks a child nothing more: refer is reached, or eight were asked (S22). */
  const askedEnough = () => once("askedEnough", () => profile() === "child"
    && (rankOf(score().finding) >= rankOf("refer") || spoken() >= SPOKEN_TO_CHILD));

  /** Whether a question may be put aloud now by an officer. */
  function aloud(n) {
    const who = profile();
    return sign(n).mode[who] === "ask" && sign(n).asked_by[who] === "frontline" && !withheld().length && !askedEnough();
  }

  const openItems = () => once("open", () => {
    const off = hidden();
    return engine.relevant[profile()].filter((n) => !gone(sign(n).id) && !off.has(sign(n).id));
  });
  const askable = () => once("askable", () => openItems().filter((n) => sign(n).mode[profile()] !== "ask" || aloud(n)));

  /** Of these, what this meeting is about: its setting and hour, the person's age, what they do. The
   *  rest stays open and is in the full list. */
  const put = () => once("put", () => {
    const who = profile(), age = record.age_certain ? record.age : null;
    const met = (meetings) => meetings.some((m) =>
      Object.entries(m).every(([fact, choices]) => choices.includes(record.facts[fact] ?? "unknown")));
    const parts = k.protocol.parts.filter((p) => p.profiles.includes(who));
    const out = new Set(parts.flatMap((p) => {
      const young = p.below === null || age === null || age < p.below;
      return met(p.last) || !young || (p.only.length && !met(p.only)) ? p.signs : [];
    }));
    for (const n of looked()) out.add(n);
    return askable().filter((n) => !out.has(n));
  });

  /** What was on the page of what can be seen when it was gone through. */
  const looked = () => once("looked", () => {
    const shown = record.changes.filter(([what]) => what === "looked").flatMap(([, , after]) => after.split(", "));
    return everything.filter((n) => shown.includes(sign(n).id));
  });
  /** What can be seen without a word in this meeting; nothing where it could not change the finding. */
  const toLook = () => once("toLook", () => {
    const seen = put().filter((n) => sign(n).mode[profile()] === "observe");
    return chooser().settled(sets(), seen) ? [] : seen;
  });
  /** Whether it comes now, on one page: before any question where nothing may be asked aloud and the
   *  place has room for few; else when it is enough for this place. */
  const looks = () => (stop() === "for_now" || (!stop() && withheld().length > 0 && most() < Infinity))
    && !record.judgement && toLook().length > 0;
  const lookedThrough = () => { if (toLook().length) set("looked", "", toLook().map((n) => sign(n).id).join(", "), {}); };

  /** After how many questions the interview offers to stop in such a meeting. */
  const most = () => Math.min(Infinity, ...k.protocol.pauses
    .filter(([fact, choices]) => choices.includes(record.facts[fact])).map(([, , n]) => n));

  const chooser = () => (choosers[profile()] ??= chooserOf(k, engine, profile()));
  const sets = () => once("sets", () => engine.setsOf(counted()));

  /** Why no further question is needed; "" where one is. The officer may go on all the same. */
  const stop = () => once("stop", () => {
    const found = score(), all = sets(), held = () => (withheld().length ? "withheld" : null);
    const unsettling = engine.relevant[profile()].filter((n) => all.open[n]);
    if (chooser().settled(all, unsettling)) {
      if (!openItems().length) return "nothing_left";
      const alone = found.danger.state === "present" && found.danger.finding_without !== found.danger.finding_high_without;
      return askable().length && alone ? "danger" : "settled";
    }
    if (!openItems().length) return "left_open";
    if (askedEnough() && rankOf(found.finding) >= rankOf("refer")) return "refer";
    if (!askable().length) return held() ?? "for_others";
    if (chooser().settled(all, openItems())) return "left_open";
    if (!put().length) return held() ?? "other_parts";
    if (answered() >= most()) return "for_now";
    return chooser().change(all, put()) < k.enough ? "unlikely" : "";
  });

  /** The question that comes next, of what this meeting is about; else of what may be put at all. */
  const choice = () => once("choice", () => {
    const offered = put().length ? put() : askable(), mode = (n) => sign(n).mode[profile()];
    const careful = profile() === "child" || record.facts[k.protocol.company] !== "alone";
    const seen = offered.filter((n) => mode(n) === "observe");
    // What is seen before what is said, before what needs papers or a call.
    const first = careful ? (seen.length ? seen : offered.filter((n) => mode(n) !== "ask")) : [];
    return chooser().choose(sets(), offered, first);
  });

  /** The question that matters most of those that `may` lets through; null where enough is known. */
  const pick = (may) => (score().settled ? null : chooser().choose(sets(), askable().filter(may), []));

  /** About how many questions are still to come if every answer is no; at most FORESEEN. */
  function more() {
    const kept = [record, memo];
    let n = 0;
    while (n < FORESEEN && !stop() && choice() !== null) {
      record = { ...record, answers: { ...record.answers, [sign(choice()).id]: { answer: "no" } } };
      n += 1;
    }
    [record, memo] = kept;
    return n;
  }

  /** The step that comes next: danger, person, what is settled before asking, a question, a look at
   *  what needs no words, the officer's own judgement, the finding. */
  function next(goingOn = false) {
    if (!("danger" in preconditions())) return ["precondition", "danger"];
    if (!record.person) return ["person"];
    const [first] = before();
    if (first) return first === "representative" ? ["precondition", first] : ["before"];
    if (looks() && !goingOn) return ["look", toLook()];
    const n = !stop() || (goingOn && askable().length) ? choice() : null;
    if (n !== null) return ["question", n];
    return record.judgement ? ["finding"] : ["judgement"];
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
    answer, precondition, person, profile, hidden, counted, score, inDanger, helpAfter, preconditions, before, withheld,
    aloud, askable, put, toLook, looks, lookedThrough, answered, spoken, stop, choice, pick, more, next, judge, decide, shown,
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
    take(data) { record = data ?? begin(); undo = []; },
  };
}
