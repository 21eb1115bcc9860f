// In the person's own hands: an adult hears each question in headphones and answers with a picture.
// The screen says nothing of what is asked. What was answered comes back only with the officer's code.
//
// A question is heard from a recording beside this file (sounds/<language>/<sign>.mp3 or .ogg), else
// in the device's own voice for the language.

const HANDS_MOST = 12; // questions
const HANDS_CODE = 4; // letters of the code at least
const AWAY = "notes"; // the name of a window in which the phone was handed over
const HANDS_TRIES = 5; // wrong codes in a row; then half a minute has to pass before each

const hands = (() => {
  const { k, interview, engine, state, views, say, h, p, button, press, field, draft, choices } = app;
  let lock = null; // { code, lang, back, hearable, put, danger, tries, last }
  let sound = null;
  let turn = 0; // of what is heard: what was begun before a silence is not played after it

  const tongue = (lang) => lang.split("-")[0];
  const speech = () => globalThis.speechSynthesis;
  // A voice of the device: others send what they are to say over a network.
  const voiceOf = (lang) => speech()?.getVoices().find((v) => v.localService && v.lang.toLowerCase().startsWith(tongue(lang)));
  const recording = (n, lang, kind) => `sounds/${tongue(lang)}/${k.signs[n].id}.${kind}`;

  /** A recording that can be played, or null. */
  async function recorded(n, lang) {
    for (const kind of ["mp3", "ogg"]) {
      const audio = new Audio();
      const can = await new Promise((done) => {
        audio.oncanplaythrough = () => done(true);
        audio.onerror = () => done(false);
        audio.src = recording(n, lang, kind);
      });
      if (can) return audio;
    }
    return null;
  }

  /** Play a question; true once it is heard, false where nothing can be, null where something else
   *  came between. */
  async function hear(n, lang) {
    silence();
    const mine = turn;
    const audio = await recorded(n, lang);
    if (mine !== turn) return null;
    if (audio) {
      sound = audio;
      return audio.play().then(() => true, () => (mine === turn ? false : null));
    }
    const voice = voiceOf(lang);
    if (!voice) return false;
    return new Promise((done) => {
      const said = new SpeechSynthesisUtterance(app.prompt(n, "adult"));
      Object.assign(said, { voice, lang: voice.lang, onstart: () => done(true), onerror: () => done(mine === turn ? false : null) });
      speech().speak(said);
    });
  }
  /** Nothing is heard any more, nor by a key of the headphones or of the lock screen. */
  function silence() {
    turn += 1;
    sound?.pause();
    sound?.removeAttribute("src");
    sound?.load();
    sound = null;
    speech()?.cancel();
  }

  /** The questions that can be heard in a language. */
  async function hearable(lang) {
    const asked = engine.relevant.adult.filter((n) => interview.aloud(n));
    if (voiceOf(lang)) return new Set(asked);
    const found = await Promise.all(asked.map((n) => recorded(n, lang)));
    return new Set(asked.filter((n, at) => found[at]));
  }

  /** One letter over and over, or letters in a row such as 1234 or 4321. */
  function tooEasy(code) {
    const steps = [...code].slice(1).map((c, n) => c.codePointAt(0) - [...code][n].codePointAt(0));
    return new Set(code).size < 3 || (new Set(steps).size === 1 && Math.abs(steps[0]) === 1);
  }

  const ADULT = () => interview.record.person && interview.profile() === "adult";

  views.handover = () => {
    const problem = h("p", { class: "warn hidden", role: "alert" });
    const tell = (words) => { problem.textContent = words; problem.classList.remove("hidden"); };
    state.drafts["heard-in"] ??= state.lang;
    const aloud = ADULT() && !interview.withheld().length;
    return [
      h("h1", null, say("In the person's own hands")),
      p(say("For adults only. Hand over the phone and headphones. Each question is heard, never shown, and answered with a picture. The person may leave at any time.")),
      aloud ? null : p(ADULT() ? say("First settle what comes before asking: alone, interpreter, free to stop, agreement.") : say("Only for an adult whose age is certain."), "warn"),
      aloud ? choices("heard-in", say("Language of the questions"), Object.entries(k.languages).map(([code, facts]) => [code, facts.name]), "row") : null,
      aloud ? field("code", say("Your code to come back, at least {n} letters or digits", { n: HANDS_CODE }), { type: "password" }, "input") : null,
      problem,
      aloud ? press(say("Hand over now"), async () => {
        const code = state.drafts.code ?? "", lang = state.drafts["heard-in"];
        if (code.length < HANDS_CODE) return tell(say("The code is too short."));
        if (tooEasy(code)) return tell(say("That code is guessed at once. Choose another."));
        const can = await hearable(lang);
        if (!can.size) return tell(say("Nothing can be heard in this language: no recordings beside this file, and no voice on this device."));
        delete state.drafts.code;
        window.name = AWAY;
        lock = { code, back: state.lang, hearable: can, put: 0, danger: false, tries: 0, last: -Infinity };
        Object.assign(state, { lang, trail: [] });
        return ahead();
      }, "main") : null,
    ];
  };

  /** The next question, or the phone goes back. A sign of danger ends it at once (S21). */
  function ahead() {
    const n = lock.danger || lock.put >= HANDS_MOST ? null : interview.pick((m) => lock.hearable.has(m));
    if (n === null) { silence(); app.go("handback", null, false); } else { lock.put += 1; app.go("hands", n, false); }
  }

  const icon = (path) => h("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, h("path", { d: path }));
  const YES = "M15 55 L40 80 L85 22", NO = "M22 22 L78 78 M78 22 L22 78";
  const EAR = "M20 38 H36 L58 18 V82 L36 62 H20 Z M72 34 Q84 50 72 66";

  views.hands = (n) => {
    const given = (answer) => () => {
      const { id } = k.signs[n];
      interview.answer(id, { answer, basis: answer === "refused" ? "" : "said" });
      lock.danger = interview.helpAfter(n);
      ahead();
    };
    const picture = (words, path, answer) => press(icon(path), given(answer), "answer", { "aria-label": words, disabled: true });
    const all = [picture(say("Yes"), YES, "yes"), picture(say("No"), NO, "no"), press(say("I do not want to say"), given("refused"), "answer skip", { disabled: true })];
    // Nothing can be answered before it was heard (S24).
    const listen = () => hear(n, state.lang).then((heard) => {
      if (heard === null || state.view !== "hands" || state.arg !== n) return;
      if (heard) { for (const b of all) b.disabled = false; } else { lock.hearable.delete(n); lock.put -= 1; ahead(); }
    });
    listen();
    return h("div", { class: "hands" },
      h("h1", null, say("Listen")),
      h("button", { type: "button", class: "hear", "aria-label": say("Listen again"), click: listen }, icon(EAR)),
      h("div", { class: "two" }, all[0], all[1]), all[2],
      button(say("Leave"), app.leave, "leave"));
  };

  views.handback = () => [h("h1", null, say("Thank you. Please give the phone back.")), wayBack()];

  /** Where the officer types the code. */
  function wayBack() {
    const input = h("input", { type: "password", autocomplete: "off", id: "f-way-back" });
    const wrong = h("p", { class: "warn hidden", role: "alert" });
    const form = h("form", { autocomplete: "off", submit: (event) => {
      event.preventDefault();
      const soon = lock.tries >= HANDS_TRIES && performance.now() - lock.last < 30000;
      if (!soon && input.value === lock.code) return unlock();
      if (!soon) Object.assign(lock, { tries: lock.tries + 1, last: performance.now() });
      input.value = "";
      wrong.textContent = soon ? say("Wait half a minute.") : say("Wrong code.");
      wrong.classList.remove("hidden");
      return undefined;
    } }, h("label", { for: "f-way-back" }, say("Code"), input), wrong, h("button", { class: "" }, say("Go on")));
    return form;
  }

  function unlock() {
    const { back, danger } = lock;
    lock = null;
    window.name = "";
    Object.assign(state, { lang: back, trail: [["start", null]] });
    app.go(danger ? "help" : "check", null, false);
  }

  return {
    locked: () => lock !== null, silence, wayBack,
    /** Whether the page was loaded anew while somebody else had it: then it stays a page for notes. */
    lost: () => lock === null && window.name === AWAY,
    menu: () => (ADULT() ? button(say("In the person's own hands"), () => app.go("handover")) : null),
  };
})();
document.addEventListener("visibilitychange", () => { if (document.hidden) hands.silence(); });
globalThis.speechSynthesis?.getVoices(); // some browsers load their voices only when asked
