"use strict";
// The engine once more, for one case (screening/scoring/engine.py is the reference; a test in a
// browser holds the two together). A case gives two sets of signs: those answered yes, and those
// that could be yes. Every rule is monotone, so the first gives the finding and the second the
// highest that it can become. Open is never counted as no.
//
// Signs are places in the list; a set of them is an array with 1 where a sign is in it.

const FINDINGS = ["too_little_known", "nothing_indicated", "look_further", "refer", "act_now"];
const LEVELS = ["look_further", "refer", "act_now"];
const ELEMENTS = ["act", "means", "purpose"];
const rankOf = (finding) => FINDINGS.indexOf(finding);

/** Child or adult, and why. Any doubt about the age means child. */
function profileOf(person, adultAge) {
  if (person.age === null || person.age === undefined) return ["child", "profile_age_missing"];
  if (person.age < adultAge) return ["child", "profile_child_age"];
  return person.age_certain ? ["adult", "profile_adult_age"] : ["child", "profile_age_uncertain"];
}

/** The ILO/EC Delphi 2009 rule over numbers of strong, medium and weak signs. */
function delphiPositive(strong, medium, weak) {
  return strong >= 2 || (strong === 1 && medium + weak >= 1) || medium >= 3
    || (medium === 2 && weak >= 1);
}

function engineOf(k) {
  const places = new Map(k.signs.map((sign, n) => [sign.id, n]));
  const relevant = {};
  for (const profile of ["adult", "child"]) {
    relevant[profile] = k.signs.flatMap((s, n) => (s.applies === "all" || s.applies === profile ? [n] : []));
  }
  const count = (set, some) => { let sum = 0; for (const n of some) sum += set[n]; return sum; };
  const worth = (scale, set, some) => { let sum = 0; for (const n of some) if (set[n]) sum += scale.points[n]; return sum; };
  const every = k.signs.map((_, n) => n);
  const none = () => new Uint8Array(k.signs.length);
  const withOne = (set, n) => { const more = set.slice(); more[n] = 1; return more; };

  /** The sign that counts for a fact; of equals one that is not soft, then by id. */
  function weightiest(scale, found) {
    const telling = (n) => !scale.soft.includes(n);
    const inOrder = [...found].sort((a, b) => (k.signs[a].id < k.signs[b].id ? -1 : 1));
    return inOrder.reduce((best, n) =>
      scale.points[n] > scale.points[best]
      || (scale.points[n] === scale.points[best] && telling(n) && !telling(best)) ? n : best);
  }

  /** What the sum over single signs has too many, row by row. */
  function takenBack(scale, yes) {
    const rows = [], counted = yes.slice();
    for (const fact of scale.facts) {
      if (count(yes, fact) < 2) continue;
      const found = fact.filter((n) => yes[n]);
      const best = weightiest(scale, found);
      for (const n of found) counted[n] = n === best ? 1 : 0;
      const over = found.reduce((sum, n) => sum + scale.points[n], 0) - scale.points[best];
      if (over) rows.push({ kind: "once", name: best, points: -over });
    }
    const soft = worth(scale, counted, scale.soft);
    if (scale.most !== null && soft > scale.most) {
      rows.push({ kind: "cap", name: "", points: scale.most - soft });
    }
    for (const [dimension, most] of Object.entries(scale.caps)) {
      const own = dimensionPoints(scale, yes, dimension);
      if (own > most) rows.push({ kind: "cap", name: dimension, points: most - own });
    }
    return rows;
  }

  const members = {};
  k.signs.forEach((s, n) => { (members[s.dimension] ??= []).push(n); });
  const dimensionPoints = (scale, yes, dimension) => worth(scale, yes, members[dimension] ?? []);

  /** Points when exactly `yes` are yes: of one dimension, or (null) in all. */
  function total(scale, yes, dimension) {
    if (dimension === null) {
      return takenBack(scale, yes).reduce((all, row) => all + row.points, worth(scale, yes, every));
    }
    const own = dimensionPoints(scale, yes, dimension);
    return dimension in scale.caps ? Math.min(own, scale.caps[dimension]) : own;
  }

  /** Whether a rule is true when exactly `yes` are yes. */
  function holds(rule, yes, points) {
    switch (rule[0]) {
      case "least": return count(yes, rule[2]) >= rule[1];
      case "delphi": return delphiPositive(count(yes, rule[1]), count(yes, rule[2]), count(yes, rule[3]));
      case "points": return points(rule[2]) >= rule[1];
      case "facts": return rule[2].filter((fact) => count(yes, fact) > 0).length >= rule[1];
      case "all": return rule.slice(1).every((part) => holds(part, yes, points));
      case "any": return rule.slice(1).some((part) => holds(part, yes, points));
    }
    throw new Error("unknown rule " + rule[0]);
  }

  /** Every sign that a rule looks at; for points, all that could give them. */
  function named(rule, signs) {
    const [kind, ...rest] = rule;
    switch (kind) {
      case "least": return rest[1];
      case "delphi": return rest.flat();
      case "points": return signs.filter((n) => rest[1] === null || k.signs[n].dimension === rest[1]);
      case "facts": return rest[1].flat();
    }
    return rest.flatMap((part) => named(part, signs));
  }

  /** Points of a dimension (null: all), each added up once however many rules ask. */
  function pointsOf(scale, yes) {
    const known = new Map();
    return (dimension) => {
      if (!known.has(dimension)) known.set(dimension, total(scale, yes, dimension));
      return known.get(dimension);
    };
  }

  /** The highest of these levels whose rule holds when exactly `yes` are yes; null for none. */
  function raised(scale, yes, levels = LEVELS) {
    const points = pointsOf(scale, yes);
    for (let n = LEVELS.length - 1; n >= 0; n -= 1) {
      if (levels.includes(LEVELS[n]) && holds(scale.levels[LEVELS[n]], yes, points)) return LEVELS[n];
    }
    return null;
  }

  function findingOf(scale, yes, closed, levels = LEVELS) {
    return raised(scale, yes, levels)
      ?? (holds(scale.enough_known, closed, pointsOf(scale, yes)) ? "nothing_indicated" : "too_little_known");
  }

  /** The answers as sets: yes, open, yes or open, closed. */
  function setsOf(person) {
    const [profile] = profileOf(person, k.adult_age);
    const yes = none(), open = none();
    for (const n of relevant[profile]) {
      const answer = person.answers[k.signs[n].id]?.answer ?? "not_asked";
      if (answer === "yes") yes[n] = 1;
      else if (answer !== "no" && answer !== "not_applicable") open[n] = 1;
    }
    const possible = yes.map((v, n) => v | open[n]);
    const closed = none(), everything = none();
    for (const n of relevant[profile]) { everything[n] = 1; closed[n] = 1 - open[n]; }
    return { profile, yes, open, possible, closed, everything };
  }

  /** The result of one case: the same names as in the assessment, places in place of ids. */
  function score(person) {
    const sets = setsOf(person), { profile, yes, open, possible, closed, everything } = sets;
    const scale = k.profiles[profile], signs = relevant[profile];
    const range = (levels) => [findingOf(scale, yes, closed, levels),
                               findingOf(scale, possible, everything, levels)];
    const [finding, high] = range(LEVELS);
    const [without, highWithout] = range(["look_further", "refer"]);
    const low = pointsOf(scale, yes), most = pointsOf(scale, possible);
    const state = (now, atMost) => (now ? "present" : atMost ? "open" : "absent");
    const inOrder = (ids) => { const set = new Set(ids); return signs.filter((n) => set.has(n)); };

    const rule = scale.levels.act_now;
    const dangerState = state(holds(rule, yes, low), holds(rule, possible, most));
    const behind = { present: yes, open, absent: none() }[dangerState];
    const elements = {};
    for (const element of ELEMENTS) {
      const ids = signs.filter((n) => k.signs[n].element === element && k.signs[n].kind === "sign");
      const is = state(count(yes, ids), count(possible, ids));
      elements[element] = { state: is, signs: ids.filter((n) => (is === "present" ? yes : open)[n]) };
    }
    const needs = k.needs
      .filter((need) => need.profiles.includes(profile) && count(possible, need.signs))
      .map((need) => {
        const here = need.signs.some((n) => yes[n]);
        return { ...need, state: here ? "present" : "open",
                 indicators: inOrder(need.signs.filter((n) => (here ? yes : open)[n])) };
      })
      .sort((a, b) => (a.state !== "present") - (b.state !== "present") || a.hours - b.hours);
    const given = k.profiles[profile].alternatives.map((other) => findingOf(other, yes, closed));
    return {
      profile, finding, finding_high: high, settled: finding === high,
      points: low(null), points_high: most(null),
      danger: { state: dangerState, indicators: inOrder(named(rule, signs).filter((n) => behind[n])),
                finding_without: without, finding_high_without: highWithout },
      elements, needs,
      contributions: signs.filter((n) => yes[n]).map((n) => ({ sign: n, points: scale.points[n] })),
      taken_back: takenBack(scale, yes),
      open_questions: openQuestions(person, sets, finding, without, elements),
      answered: signs.filter((n) => k.signs[n].kind === "sign" && closed[n]).length,
      relevant: signs.filter((n) => k.signs[n].kind === "sign").length,
      next_steps: k.steps ? k.steps.filter((s) => s.findings.includes(finding) && s.profiles.includes(profile)) : [],
      contested: given.some((other) => other !== finding) ? given : null,
    };
  }

  /** Open questions, most telling first: danger; what a yes alone would raise; what completes the
   *  gate; points; what is seen before what is asked; list order. What was refused comes last. */
  function openQuestions(person, { profile, yes, open }, finding, without, elements) {
    const scale = k.profiles[profile];
    const missing = k.gate[profile].filter((element) => elements[element].state !== "present");
    const ranked = relevant[profile].filter((n) => open[n]).map((n) => {
      const sign = k.signs[n], more = withOne(yes, n);
      const to = raised(scale, more, LEVELS);
      const aside = to === "act_now" ? raised(scale, more, ["look_further", "refer"]) : to;
      const raisesTo = to && rankOf(to) > rankOf(finding) ? to : null;
      const lifts = aside && rankOf(aside) > rankOf(without) ? rankOf(aside) : 0;
      const completes = missing.includes(sign.element) && sign.kind === "sign";
      const answer = person.answers[sign.id]?.answer ?? "not_asked";
      return {
        sign: n, answer, raises_to: raisesTo, completes, points: scale.points[n],
        order: [answer === "refused", sign.kind !== "danger", -lifts, !completes, raisesTo === null,
                -scale.points[n], sign.mode[profile] === "ask", n].map(Number),
      };
    });
    return ranked.sort((a, b) => {
      const at = a.order.findIndex((v, i) => v !== b.order[i]);
      return at < 0 ? 0 : a.order[at] - b.order[at];
    });
  }

  return { score, setsOf, raised, findingOf, relevant, places, none, withOne,
           scaleOf: (profile) => k.profiles[profile] };
}
