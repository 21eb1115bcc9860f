// Which open question matters most next, and when enough is known (screening/interview/choice.py
// in small: the same arithmetic over a smaller sample of invented people). It orders questions; no
// finding rests on it.

const PAIRS = 14; // questions that are looked at two by two
const FUTURES = 200; // ways the open answers could fall, looked at for the stop

function chooserOf(k, engine, profile) {
  const signs = engine.relevant[profile], column = new Map(signs.map((n, c) => [n, c]));
  const scale = engine.scaleOf(profile), { people, rates: packed } = k.likely[profile];
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const rates = Float64Array.from(bytes, (b) => (b / 255) ** 2);
  const rate = (person, n) => rates[person * signs.length + column.get(n)];
  const rank = (yes, levels) => {
    const found = engine.raised(scale, yes, LEVELS.slice(0, levels));
    return found ? LEVELS.indexOf(found) + 1 : 0;
  };
  const luck = chance(7);
  const draws = Array.from({ length: FUTURES }, () => Float32Array.from(signs, luck));

  /** How much each invented person counts after the answers. */
  function shares(sets) {
    const fit = new Float64Array(people);
    for (let p = 0; p < people; p += 1) {
      for (const n of signs) {
        if (sets.yes[n]) fit[p] += Math.log(rate(p, n));
        else if (sets.closed[n]) fit[p] += Math.log1p(-rate(p, n));
      }
    }
    const most = Math.max(...fit), share = fit.map((v) => Math.exp(v - most));
    const sum = share.reduce((a, b) => a + b, 0);
    return share.map((v) => v / sum);
  }

  /** The question of `askable` that matters most; null where there is none. Those of `first` come
   *  before the others as long as the best of them is worth a part of the best of all. */
  function choose(sets, askable, first) {
    if (!askable.length) return null;
    const share = shares(sets), now = rank(sets.yes, LEVELS.length);
    const levels = LEVELS.length - (now === LEVELS.length), base = rank(sets.yes, levels);
    const gain = (...more) => more.reduce((set, n) => engine.withOne(set, n), sets.yes);
    const chances = new Map(askable.map((n) => [n, share.reduce((sum, v, p) => sum + v * rate(p, n), 0)]));
    const alone = new Map(askable.map((n) => [n, rank(gain(n), levels) - base]));
    const together = new Map(askable.map((n) => [n, 0]));
    const worth = (n) => chances.get(n) * (scale.points[n] + 1);
    const telling = [...askable].sort((a, b) => worth(b) - worth(a)).slice(0, PAIRS);
    telling.forEach((a, at) => telling.slice(at + 1).forEach((b) => {
      const more = rank(gain(a, b), levels) - base - Math.max(alone.get(a), alone.get(b));
      if (more <= 0) return;
      together.set(a, Math.max(together.get(a), chances.get(b) * more));
      together.set(b, Math.max(together.get(b), chances.get(a) * more));
    }));
    const value = (n) => chances.get(n)
      * (alone.get(n) + together.get(n) + 1e-3 * (scale.points[n] + 0.1));
    const best = (some) => some.reduce((a, b) => (value(b) > value(a) ? b : a));
    const all = best(askable);
    if (!first.length) return all;
    const early = best(first);
    return value(early) >= k.first_worth * value(all) ? early : all;
  }

  /** How likely it is that answers to these questions still change the finding. */
  function change(sets, askable) {
    const now = rank(sets.yes, LEVELS.length);
    if (!askable.length || now === LEVELS.length) return 0;
    if (engine.findingOf(scale, sets.yes, sets.closed) === "too_little_known") return 1;
    const share = shares(sets);
    let person = 0, reached = share[0], moved = 0;
    draws.forEach((draw, f) => {
      while (reached < (f + 0.5) / FUTURES && person < people - 1) { person += 1; reached += share[person]; }
      const yes = sets.yes.slice();
      for (const n of askable) if (draw[column.get(n)] < rate(person, n)) yes[n] = 1;
      if (rank(yes, LEVELS.length) > now) moved += 1;
    });
    return moved / FUTURES;
  }

  return { choose, change };
}

/** The same numbers from 0 to 1 every time (mulberry32). */
function chance(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
