// Which open question matters most next, and when enough is known: screening/interview/choice.py
// and likely.py once more, over the same invented people. It orders questions; no finding rests on
// it. A test in a browser walks the interview on both sides.

const PAIRS = 14; // questions that are looked at two by two
const FUTURES = 400; // ways the open answers could fall, looked at for the stop
const GRAIN = 1e12; // values this close are equal, whatever machine adds them up; then list order decides
const PEOPLE = 3000, PEOPLE_SEED = 20, FUTURES_SEED = 7;

/** The nth number (from 0) of a stream between 0 and 1, without the ends (mulberry32). */
function luck(seed, n) {
  const a = (seed + Math.imul(n + 1, 0x6d2b79f5)) | 0;
  let t = Math.imul(a ^ (a >>> 15), 1 | a);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
}

/** The share of the normal distribution below a value (Abramowitz and Stegun 7.1.26). */
function below(x) {
  const z = Math.abs(x) / Math.SQRT2, t = 1 / (1 + 0.3275911 * z);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-z * z);
  return x >= 0 ? 1 - tail / 2 : tail / 2;
}

/** Rates of an answered yes, people by signs, from what they are made of (`Recipe`). */
function peopleOf(made) {
  if (made.rates) return Float64Array.from(made.rates);
  const { share, coached, load, own, dimension, opposed, hidden } = made, signs = dimension.length;
  const strains = Math.max(...dimension) + 1, stride = 2 * strains + 3, drawn = new Float64Array(stride);
  const rates = new Float64Array(PEOPLE * signs), normal = new Float64Array(strains + 1);
  let at = 0, reached = share[0];
  for (let p = 0; p < PEOPLE; p += 1) {
    while (reached < (p + 0.5) / PEOPLE && at < share.length - 1) { at += 1; reached += share[at]; }
    for (let i = 0; i < stride; i += 1) drawn[i] = luck(PEOPLE_SEED, p * stride + i);
    for (let i = 0; i <= strains; i += 1) {
      normal[i] = Math.sqrt(-2 * Math.log(drawn[i])) * Math.cos(2 * Math.PI * drawn[strains + 1 + i]);
    }
    const untold = hidden[drawn[stride - 1] < coached[at] ? 1 : 0], weight = load[at];
    const rest = Math.sqrt(1 - weight ** 2 - own ** 2), real = made.quantiles[at], wrong = made.false_yes[at];
    for (let c = 0; c < signs; c += 1) {
      const moved = normal[0] * weight * opposed[c] + normal[1 + dimension[c]] * own;
      const there = below((made.values[real[c]] - moved) / rest);
      const told = there * (1 - untold[c]) + (1 - there) * made.wrong[wrong[c]];
      rates[p * signs + c] = Math.min(Math.max(told, 1e-4), 1 - 1e-4);
    }
  }
  return rates;
}

function chooserOf(k, engine, profile) {
  const signs = engine.relevant[profile], column = new Map(signs.map((n, c) => [n, c])), wide = signs.length;
  const scale = engine.scaleOf(profile), rates = peopleOf(k.likely[profile]), people = rates.length / wide;
  const rank = (yes, levels = LEVELS.length) => {
    const found = engine.raised(scale, yes, LEVELS.slice(0, levels));
    return found ? LEVELS.indexOf(found) + 1 : 0;
  };
  const round = (value) => Math.round(value * GRAIN);
  let known = { of: "", share: null };

  /** How much each invented person counts after the answers. */
  function shares(sets) {
    const of = sets.yes.join("") + sets.closed.join("");
    if (known.of === of) return known.share;
    const fit = new Float64Array(people);
    signs.forEach((n, c) => {
      if (sets.yes[n]) for (let p = 0; p < people; p += 1) fit[p] += Math.log(rates[p * wide + c]);
      else if (sets.closed[n]) for (let p = 0; p < people; p += 1) fit[p] += Math.log1p(-rates[p * wide + c]);
    });
    const most = fit.reduce((a, b) => Math.max(a, b)), share = fit.map((v) => Math.exp(v - most));
    const sum = share.reduce((a, b) => a + b, 0);
    known = { of, share: share.map((v) => v / sum) };
    return known.share;
  }

  /** The question of `askable` that matters most; null where there is none. Those of `first` come
   *  before the others as long as the best of them is worth a part of the best of all. */
  function choose(sets, askable, first) {
    if (!askable.length) return null;
    const share = shares(sets), now = rank(sets.yes);
    const levels = LEVELS.length - (now === LEVELS.length), base = rank(sets.yes, levels);
    const gain = (...more) => more.reduce((set, n) => engine.withOne(set, n), sets.yes);
    const chance = (n) => {
      let sum = 0;
      for (let p = 0, at = column.get(n); p < people; p += 1, at += wide) sum += share[p] * rates[at];
      return sum;
    };
    const chances = new Map(askable.map((n) => [n, chance(n)]));
    const alone = new Map(askable.map((n) => [n, rank(gain(n), levels) - base]));
    const together = new Map(askable.map((n) => [n, 0]));
    const worth = (n) => round(chances.get(n) * (scale.points[n] + 1));
    const telling = [...askable].sort((a, b) => worth(b) - worth(a)).slice(0, PAIRS);
    telling.forEach((a, at) => telling.slice(at + 1).forEach((b) => {
      const more = rank(gain(a, b), levels) - base - Math.max(alone.get(a), alone.get(b));
      if (more <= 0) return;
      together.set(a, Math.max(together.get(a), chances.get(b) * more));
      together.set(b, Math.max(together.get(b), chances.get(a) * more));
    }));
    const value = new Map(askable.map((n) => [n, round(chances.get(n) * (alone.get(n) + together.get(n))
      + 1e-3 * chances.get(n) * (scale.points[n] + 0.1))]));
    const best = (some) => some.reduce((a, b) => (value.get(b) > value.get(a) ? b : a));
    const all = best(askable);
    if (!first.length) return all;
    const early = best(first);
    return value.get(early) >= k.first_worth * value.get(all) ? early : all;
  }

  /** How likely it is that answers to these questions still change the finding; 1 while too little
   *  is known. */
  function change(sets, askable) {
    const now = rank(sets.yes);
    if (!askable.length || now === LEVELS.length) return 0;
    if (engine.findingOf(scale, sets.yes, sets.closed) === "too_little_known") return 1;
    const share = shares(sets);
    let person = 0, reached = share[0], moved = 0;
    for (let f = 0; f < FUTURES; f += 1) {
      while (reached < (f + 0.5) / FUTURES && person < people - 1) { person += 1; reached += share[person]; }
      const yes = sets.yes.slice();
      for (const n of askable) {
        const c = column.get(n);
        if (luck(FUTURES_SEED, f * wide + c) < rates[person * wide + c]) yes[n] = 1;
      }
      if (rank(yes) > now) moved += 1;
    }
    return moved / FUTURES;
  }

  /** Whether no answer to these can raise the finding, or tell that nothing is indicated. */
  function settled(sets, open) {
    const yes = sets.yes.slice(), closed = sets.closed.slice();
    for (const n of open) { yes[n] = 1; closed[n] = 1; }
    return engine.findingOf(scale, yes, closed) === engine.findingOf(scale, sets.yes, sets.closed);
  }

  return { choose, change, settled, rank: (sets) => rank(sets.yes) };
}
