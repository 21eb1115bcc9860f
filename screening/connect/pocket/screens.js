// The screens: each view is a function that gives what stands on the page. Nothing is stored and
// nothing is sent. A change of language draws the same view again; answers and drafts stay.

const QUIET = 600; // ms after a screen came in which no answer counts (S24)

const app = (() => {
  const k = JSON.parse(document.getElementById("knowledge").textContent);
  const engine = engineOf(k), interview = interviewOf(k, engine);
  const state = {
    lang: Object.keys(k.languages).find((code) => navigator.language?.toLowerCase().startsWith(code)) ?? "en",
    view: "start", arg: null, trail: [], drafts: {}, shownAt: 0, saved: null, goingOn: false,
  };

  // -- words ---------------------------------------------------------------------------------------

  const text = (key) => k.texts[state.lang][key] ?? k.texts.en[key] ?? "";
  const fill = (message, values) => message.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const say = (message, values = {}) => fill(text(message) || message, values);
  const reason = (key, values = {}) => fill(text(`reasons/${key}/text`), values);
  const finding = (id) => text(`findings/${id}/label`);
  const statement = (n) => text(`indicators/${k.signs[n].id}/statement`);

  /** What to say to a person of this profile, or what to look at. */
  function prompt(n, who = interview.profile()) {
    const { id, mode } = k.signs[n];
    if (mode[who] !== "ask") return text(`indicators/${id}/instruction`);
    const fields = who === "adult" ? ["question_adult", "question"] : ["question"];
    for (const lang of [state.lang, "en"]) {
      for (const field of fields) {
        const found = k.texts[lang][`indicators/${id}/${field}`];
        if (found) return found;
      }
    }
    return "";
  }

  // -- drawing -------------------------------------------------------------------------------------

  function h(name, attributes, ...children) {
    const node = name === "svg" || name === "path"
      ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (typeof value === "function") node.addEventListener(key, value);
      else if (value !== false && value !== undefined && value !== null) node.setAttribute(key, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false && c !== ""));
    return node;
  }
  const p = (words, cls) => (words ? h("p", { class: cls }, words) : null);
  const button = (words, act, cls = "") => h("button", { type: "button", class: cls, click: act }, words);
  /** A button that records something: it does nothing while the screen is new (S24). */
  const press = (words, act, cls = "", more = {}) =>
    h("button", { type: "button", class: cls, ...more, click: (event) => { if (!isNew()) act(event); } }, words);
  const fold = (title, ...inside) => (inside.flat(Infinity).some(Boolean)
    ? h("details", null, h("summary", null, title), ...inside) : null);
  const isNew = () => performance.now() - state.shownAt < QUIET;

  /** Words with every telephone number as a link. */
  function linked(words) {
    const parts = words.split(/(\b(?:112|19\d|0\d{2,3}(?:[ -]?\d{2,5}){1,3})\b)/);
    return parts.map((part, n) => (n % 2 ? h("a", { href: "tel:" + part.replace(/[ -]/g, "") }, part) : part));
  }

  /** A field whose words stay when the language changes. */
  function field(name, label, attributes = {}, tag = "textarea") {
    const input = h(tag, { id: "f-" + name, autocomplete: "off", spellcheck: "false", ...attributes,
      input: (event) => { state.drafts[name] = event.target.value; } });
    input.value = state.drafts[name] ?? "";
    return h("label", { for: "f-" + name }, label, input);
  }
  const draft = (name) => (state.drafts[name] ?? "").trim();

  /** One choice of several, none of them made beforehand. */
  function choices(name, legend, options, cls = "") {
    const group = h("fieldset", { class: cls }, h("legend", null, legend));
    for (const [value, words] of options) {
      const input = h("input", { type: "radio", name, value, change: () => { state.drafts[name] = value; } });
      input.checked = state.drafts[name] === value;
      group.append(h("label", null, input, words));
    }
    return group;
  }

  // -- going about ---------------------------------------------------------------------------------

  function go(view, arg = null, keep = true) {
    if (keep && state.view !== view && state.view !== "blank") state.trail.push([state.view, state.arg]);
    Object.assign(state, { view, arg });
    draw();
  }
  function back() {
    const [view, arg] = state.trail.pop() ?? ["start", null];
    Object.assign(state, { view, arg });
    draw();
  }
  function draw() {
    state.shownAt = performance.now();
    if (hands.lost()) state.view = "blank";
    document.documentElement.lang = state.lang;
    document.documentElement.dir = k.languages[state.lang].direction;
    const main = h("main", { class: "v-" + state.view }, views[state.view](state.arg));
    const bare = state.view === "blank" || hands.locked();
    document.getElementById("page").replaceChildren(...(bare ? [main] : [top(), main, bar()]));
    main.querySelector("h1")?.setAttribute("tabindex", "-1");
    main.querySelector("h1")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    setTimeout(() => { if (main.isConnected) main.dataset.ready = ""; }, QUIET);
  }
  function onward() {
    const [view, arg] = interview.next(state.goingOn);
    go(view, arg);
  }
  /** After an answer: any sign of danger that is yes shows help before anything else (S21). */
  function answered(id) {
    if (interview.helpAfter(engine.places.get(id))) go("help");
    else onward();
  }

  const top = () => h("header", null, h("nav", { class: "languages", "aria-label": say("Language") },
    Object.entries(k.languages).map(([code, facts]) => h("button", {
      type: "button", lang: code, title: facts.name, "aria-label": facts.name, "aria-pressed": String(code === state.lang),
      click: () => { state.lang = code; draw(); },
    }, facts.short))));
  const bar = () => h("nav", { class: "bar", "aria-label": say("Always here") },
    button(say("Danger"), () => go("help"), "danger"),
    state.view === "start" ? null : button(say("Back"), back),
    state.view === "start" ? null : button(say("Menu"), () => go("start")),
    button(say("Leave"), leave, "leave"));

  function leave() {
    hands.silence();
    go("blank");
  }

  // -- views ---------------------------------------------------------------------------------------

  const contacts = () => k.contacts[state.lang];
  const call = (c) => h("a", { class: "call", href: c.tel, "aria-label": `${c.name} ${c.number}` }, c.number, h("small", null, c.standing));
  const atOnce = (who) => k.steps.filter((s) => s.hours === 0 && s.findings.includes("act_now") && s.profiles.includes(who));
  const step = (s) => text(`steps/${s.id}/text`);
  const HELP_WORDS = 60;

  const views = {
    start() {
      const begun = interview.record.changes.length > 0;
      return [
        h("h1", null, say("Notes")),
        k.comparator ? p(say("This list is for comparison only, never for use with people."), "warn") : null,
        p(say("NOT SAVED if you close this page."), begun && !isSaved() ? "warn" : "hidden"),
        h("div", { class: "stack" },
          button(begun ? say("Go on") : say("Begin"), onward, "main"),
          k.street.length ? button(say("Street card"), () => go("card")) : null,
          button(say("Full list"), () => go("list")),
          begun ? button(interview.record.judgement ? say("Finding") : say("Result"), () => go(interview.record.judgement ? "finding" : "check")) : null,
          button(say("Contacts"), () => go("contacts")),
          keeping.menu(begun), hands.menu(),
          begun ? button(say("Forget this case"), () => go("forget")) : null),
        fold(say("What this list is"), p(text("list/main/title")), p(text("list/main/about")), p(text("standing"))),
        p(`${k.checklist.id} ${k.checklist.version} · ${k.weights.id} (${k.weights.standing}) · ${k.checklist.sha256.slice(0, 12)}`, "small"),
      ];
    },

    help() {
      const steps = atOnce(interview.profile());
      let words = 0;
      const first = steps.filter((s, n) => { words += step(s).split(/\s+/).length; return n === 0 || words <= HELP_WORDS - 20; });
      return [
        h("h1", { class: "alarm" }, say("Danger: help first")),
        h("div", { class: "calls" }, contacts().lines.filter((c) => c.first && c.number).slice(0, 3).map(call)),
        h("ol", null, first.map((s) => h("li", null, linked(step(s))))),
        button(say("Go on"), () => { state.trail = state.trail.filter(([v]) => v !== "help"); state.trail.length && state.trail.at(-1)[0] === "start" ? back() : onward(); }, "main"),
        fold(say("More steps"), h("ol", null, steps.filter((s) => !first.includes(s)).map((s) => h("li", null, linked(step(s))))), button(say("Contacts"), () => go("contacts"))),
      ];
    },

    precondition(key) {
      const words = (f) => text(`preconditions/${key}/${f}`);
      const options = Object.keys(k.protocol.preconditions[key]).filter((c) => key !== "representative" || c !== "adult");
      return [
        h("h1", null, words("question")), p(words("help"), "help"),
        h("div", { class: "stack" }, options.map((c) => press(words(c), () => {
          interview.precondition(key, c);
          if (key === "danger" && c !== "no") go("help"); else onward();
        }, "answer"))),
      ];
    },

    person() {
      const facts = interview.record.facts;
      for (const [f, v] of Object.entries(facts)) state.drafts["fact-" + f] ??= v;
      if (interview.record.person) state.drafts.age ??= interview.record.age === null ? "" : String(interview.record.age);
      return [
        h("h1", null, say("Age? Who is with them?")),
        field("age", say("Age in years, or your best guess"), { inputmode: "numeric", maxlength: 3 }, "input"),
        choices("certain", say("Is the age certain?"), [["yes", say("Yes")], ["no", say("No, or in doubt")]], "row"),
        Object.entries(k.protocol.facts).map(([key, options]) =>
          choices("fact-" + key, text(`facts/${key}/question`),
            options.map((o) => [o, o === "unknown" ? say("Not known") : text(`facts/${key}/${o}`)]), "row")),
        h("p", { id: "age-problem", class: "warn hidden", role: "alert" }),
        press(say("Go on"), keepPerson, "main"),
      ];
    },

    /** An empty age decides nothing by itself. */
    ageless: () => [
      h("h1", null, say("The age is not known?")),
      p(say("In doubt the person is treated as a child.")),
      h("div", { class: "stack" },
        press(say("Not known: treat as a child"), () => setPerson(null, false), "answer"),
        press(say("Enter an age"), () => go("person"), "answer")),
    ],

    before() {
      const given = interview.record.preconditions;
      return [
        h("h1", null, say("May you ask aloud?")),
        h("blockquote", null, say("Say first: “I am … from …. I would like to talk with you. You need not answer, and you may stop when you like. Afterwards I will tell you what happens next.”")),
        ["private", "interpreter", "may_stop", "agreement"].map((key) => h("fieldset", null,
          h("legend", null, text(`preconditions/${key}/question`)),
          Object.keys(k.protocol.preconditions[key]).map((c) => h("button", {
            type: "button", class: "answer", "aria-pressed": String(given[key] === c),
            click: (event) => {
              if (isNew()) return;
              interview.precondition(key, c);
              for (const b of event.target.closest("fieldset").querySelectorAll("button")) b.setAttribute("aria-pressed", String(b === event.target));
            },
          }, text(`preconditions/${key}/${c}`))))),
        p(say("Where one of these forbids it, leave the rest: look and note."), "help"),
        h("p", { id: "left-out", class: "warn hidden", role: "alert" }),
        button(say("Go on"), () => {
          if (!interview.before().length) return onward();
          const problem = document.getElementById("left-out");
          problem.textContent = say("Choose one in every line, or leave it: then ask nothing.");
          problem.classList.remove("hidden");
          return undefined;
        }, "main"),
      ];
    },

    question(n) {
      const sign = k.signs[n], who = interview.profile(), given = interview.record.answers[sign.id];
      const ask = sign.mode[who] === "ask", aloud = interview.aloud(n);
      const hush = sign.sexual && who === "child"; // nothing of it in large type beside a child
      const how = !ask ? (sign.mode[who] === "observe" ? say("Look, do not ask") : say("Check papers or records, do not ask"))
        : aloud ? say("Ask") : say("Do not ask. Note what you see or are told.");
      const name = sign.id;
      state.drafts["note-" + name] ??= given?.note ?? "";
      state.drafts["basis-" + name] ??= given?.basis ?? "";
      const record = (answer) => {
        const basis = answer === "yes" || answer === "no" ? draft("basis-" + name) : "";
        interview.answer(name, { answer, basis, note: draft("note-" + name) });
        answered(name);
      };
      const words = ask && !aloud ? "" : prompt(n);
      return [
        h("p", { class: "mode" }, how, foreseen()),
        h("h1", { class: hush ? "hush" : "" }, hush ? say("Read this for yourself") : words || statement(n)),
        hush ? p(words, "small") : null,
        p(text(`indicators/${name}/help`), "help"),
        fold(given?.note || draft("note-" + name) ? say("Note (written)") : say("Note, and how you know"),
          field("note-" + name, say("Note, in the person's own words where you can"), { rows: 2 }),
          choices("basis-" + name, say("How do you know?"), [["said", say("what was said")], ["observed", say("what was seen")], ["document", say("a document")]], "row")),
        h("p", { class: hush ? "shows small" : "shows" }, say("Does this show:"), " ", h("strong", null, statement(n)), "?"),
        h("div", { class: "answers" },
          press(say("Yes"), () => record("yes"), "answer yes", { "aria-pressed": String(given?.answer === "yes") }),
          press(say("No"), () => record("no"), "answer", { "aria-pressed": String(given?.answer === "no") }),
          press(say("Not known"), () => record("unknown"), "answer", { "aria-pressed": String(given?.answer === "unknown") }),
          ask && aloud ? press(say("Refused"), () => record("refused"), "answer", { "aria-pressed": String(given?.answer === "refused") }) : null,
          press(say("Leave open"), () => record("not_asked"), "answer")),
        h("div", { class: "row" },
          interview.canUndo ? button(say("Undo"), undo) : null,
          button(say("Enough: stop asking"), () => go("check"))),
      ];
    },

    /** What can be seen, on one page; what is not ticked stays open. */
    look: (signs) => [
      p(say("Observe, do not ask"), "mode"),
      h("h1", null, say("What do you see?")),
      p(say("Tick what you saw or heard yourself. The rest stays open; open is not no."), "help"),
      h("div", { class: "stack" }, signs.map((n) => {
        const { id } = k.signs[n], yes = () => interview.record.answers[id]?.answer === "yes";
        return press(statement(n), (event) => {
          interview.answer(id, yes() ? { answer: "not_asked" } : { answer: "yes", basis: "observed" }, false);
          event.currentTarget.setAttribute("aria-pressed", String(yes()));
          if (interview.helpAfter(n)) go("help");
        }, "answer", { "aria-pressed": String(yes()) });
      })),
      press(say("Go on"), () => { interview.lookedThrough(); onward(); }, "main"),
      fold(say("What counts"), signs.map((n) => (text(`indicators/${k.signs[n].id}/help`)
        ? p(statement(n) + ": " + text(`indicators/${k.signs[n].id}/help`)) : null))),
    ],

    check() {
      const { answers } = interview.record;
      const rows = k.signs.flatMap((s, n) => (answers[s.id] && answers[s.id].answer !== "not_asked" ? [n] : []));
      return [
        h("h1", null, say("Check your answers")),
        stopped(),
        rows.length ? null : p(say("No answers yet.")),
        listed(rows),
        button(say("Go on"), () => go(interview.record.judgement ? "finding" : "judgement"), "main"),
        h("div", { class: "row" }, interview.canUndo ? button(say("Undo"), undo) : null, further()),
      ];
    },

    judgement: () => [
      h("h1", null, say("What do you think yourself?")),
      stopped(),
      interview.spoken() ? h("blockquote", null, say("Say before you part: “Thank you. You did nothing wrong. Now … happens, and you will hear it from me first. You can always come back to us.”")) : null,
      p(say("Before the finding is shown. It is kept beside the finding; neither is right by itself."), "help"),
      choices("judgement", say("My own judgement"), fiveFindings()),
      field("judged", say("Why"), { rows: 2 }),
      press(say("Save my view, show result"), () => {
        if (!state.drafts.judgement) return;
        interview.judge(state.drafts.judgement, draft("judged"));
        go("finding");
      }, "main"),
      h("div", { class: "row" }, button(say("Check your answers"), () => go("check")), further()),
    ],

    finding() {
      if (!interview.record.judgement) return views.judgement();
      const a = interview.shown(), scale = engine.scaleOf(a.profile);
      const later = a.next_steps.filter((s) => s.hours > 0), now = a.next_steps.filter((s) => s.hours === 0);
      const stepRow = (s) => h("li", null, h("strong", null, within(s.hours)), " ", h("em", null, text(`roles/${s.who}/name`)), ": ", linked(step(s)));
      const owed = a.needs.filter((need) => need.state === "present");
      return [
        interview.inDanger() === "yes" ? button(say("Danger: help first"), () => go("help"), "danger wide") : null,
        p(say("Finding"), "mode"),
        h("h1", { class: "finding f-" + a.finding }, finding(a.finding)),
        p(text(`findings/${a.finding}/statement`)),
        p(a.settled ? say("No open question can change this finding.") : say("It could still become: {finding}.", { finding: finding(a.finding_high) })),
        p([say("Answered: {n} of {all}.", { n: a.answered, all: a.relevant }),
           say("Your own view: {finding}.", { finding: finding(interview.record.judgement.finding) })].join(" ")),
        a.contested ? p(say("Other weights that are as well founded give another finding."), "warn") : null,
        owed.length ? h("section", null, h("h2", null, say("What the person is owed, whatever the finding")),
          h("ul", null, owed.map((need) => h("li", null, h("strong", null, text(`needs/${need.id}/name`)), ` (${within(need.hours)}, ${text(`roles/${need.who}/name`)}): `, text(`needs/${need.id}/text`))))) : null,
        h("section", null, h("h2", null, say("What to do next")), h("ol", null, now.slice(0, 3).map(stepRow)),
          fold(say("All steps"), h("ol", { start: 4 }, [...now.slice(3), ...later].map(stepRow)))),
        h("div", { class: "stack" }, keeping.menu(true),
          further(),
          button(say("Contacts"), () => go("contacts"))),
        fold(say("What the finding rests on"),
          p(screenedAs(a.profile)),
          a.contributions.length ? null : p(say("No sign has been answered yes.")),
          h("ul", null, a.contributions.map((c) => h("li", null, statement(c.sign), h("strong", null, ` ${c.points}`), noteOf(c.sign), cited(k.signs[c.sign].sources))),
            a.taken_back.map((t) => h("li", null, t.kind === "once" ? reason("counted_once", { statement: statement(t.name) }) : reason("soft_capped", { points: scale.most }), h("strong", null, ` ${t.points}`)))),
          p(say("Points: {n}, could become {high}.", { n: a.points, high: a.points_high })),
          scale.line === null ? null : p(say("Refer from {n} points, on two telling signs of different facts or one that decides alone.", { n: scale.line })),
          h("ul", null, ELEMENTS.map((e) => h("li", null, reason("element_" + e), ": ", { present: say("present"), open: say("open"), absent: say("absent") }[a.elements[e].state],
            k.gate[a.profile].includes(e) ? "" : ` (${say("not needed for a child")})`)))),
        fold(say("What is still open, most telling first"),
          h("ol", null, a.open_questions.map((q) => h("li", null, statement(q.sign), h("small", null, " ", why(q, a.profile)))))),
        fold(say("Needs that are still open"), h("ul", null, a.needs.filter((need) => need.state === "open").map((need) => h("li", null, text(`needs/${need.id}/name`))))),
        fold(say("I decide otherwise"), choices("decision", say("What do you decide?"), fiveFindings()), field("decided", say("Why"), { rows: 2 }),
          press(say("Keep the decision"), () => { if (state.drafts.decision) { interview.decide(state.drafts.decision, draft("decided")); draw(); } })),
        interview.record.decision ? p(say("Decided: {finding}.", { finding: finding(interview.record.decision.finding) })) : null,
        p(say("This is not a decision. A person decides, and may decide otherwise.")),
        p(text("standing"), "small"),
        p(`${k.checklist.id} ${k.checklist.version} ${k.checklist.sha256.slice(0, 12)} · ${k.weights.id} ${k.weights.sha256.slice(0, 12)} (${k.weights.standing})`, "small"),
      ];
    },

    list() {
      const sections = [...new Set(k.signs.map((s) => s.section))];
      return [h("h1", null, say("Full list")), sections.map((id) => {
        const rows = engine.relevant[interview.profile()].filter((n) => k.signs[n].section === id);
        return rows.length ? h("details", null, h("summary", null, text(`sections/${id}/title`), ` (${rows.length})`), listed(rows)) : null;
      }), button(say("Result"), () => go("check"), "main")];
    },

    card() {
      const who = interview.profile();
      const rows = k.street.filter((n) => engine.relevant[who].includes(n));
      const groups = [["danger", say("Danger first")], ["observe", say("Observe first, do not ask")], ["document", say("Check records")], ["ask", say("Ask only when it is safe")]];
      const group = (n) => (k.signs[n].kind === "danger" ? "danger" : k.signs[n].mode[who]);
      return [h("h1", null, say("Street card")), h("div", { class: "calls" }, contacts().lines.filter((c) => c.first && c.number).map(call)),
        groups.map(([id, title]) => (rows.some((n) => group(n) === id) ? h("section", null, h("h2", null, title),
          id === "ask" && !rows.some((n) => group(n) === "ask" && interview.aloud(n)) ? p(say("Do not ask. Note what you see or are told."), "warn") : null,
          rows.filter((n) => group(n) === id).map(ticked)) : null)),
        button(say("Result"), () => go("check"), "main")];
    },

    contacts: () => [
      h("h1", null, say("Contacts")),
      p(contacts().unit),
      h("ul", { class: "list" }, contacts().lines.map((c) => h("li", { class: "contact" }, h("strong", null, c.name), " ",
        c.number ? h("a", { class: "number", href: c.tel }, c.number) : null, h("small", null, " ", c.standing)))),
    ],

    forget: () => [
      h("h1", null, say("Forget this case?")),
      p(isSaved() ? say("It is saved in a file or was shown as a code.") : say("It is NOT SAVED and cannot be brought back."), "warn"),
      h("div", { class: "stack" },
        press(say("Forget it"), () => { startOver(); go("start", null, false); }, "danger"),
        button(say("Keep it"), back)),
    ],

    /** What a bystander sees after "leave": a page for notes, which keeps nothing. */
    blank: () => [
      h("h1", null, say("Notes")),
      h("textarea", { class: "paper", rows: 8, "aria-label": say("Notes"), autocomplete: "off", spellcheck: "false" }),
      hands.locked() ? hands.wayBack() : hands.lost() ? null : button(say("Start"), back),
    ],
  };

  // -- parts of views ------------------------------------------------------------------------------

  /** Why no further question comes. */
  const stopped = () => (interview.record.person && interview.stop() ? p(text(`stops/${interview.stop()}/text`), "help") : null);
  const further = () => (interview.askable().length ? button(say("More questions"), () => { state.goingOn = true; onward(); }) : null);

  function screenedAs(who) {
    const because = { reason: reason(profileOf(interview.record, k.adult_age)[1], { age: interview.record.age }) };
    return who === "child" ? say("Screened as a child: {reason}.", because) : say("Screened as an adult: {reason}.", because);
  }
  const fiveFindings = () => [...FINDINGS].reverse().map((id) => [id, finding(id)]);
  const within = (hours) => (hours === 0 ? say("at once") : hours < 48 ? say("within {n} h", { n: hours }) : say("within {n} d", { n: hours / 24 }));
  const noteOf = (n) => { const note = interview.record.answers[k.signs[n].id]?.note; return note ? h("small", null, ` "${note}"`) : null; };
  const cited = (refs) => h("small", { class: "source" }, " ", refs.map(([ref, at]) => `${k.sources[ref]?.[0] ?? ref}${at ? ", " + at : ""}`).join("; "));

  function why(q, who) {
    if (q.raises_to === "act_now") return reason("danger");
    if (q.raises_to) return reason("raises", { finding: finding(q.raises_to) });
    if (q.completes) return reason("completes_gate", { element: reason("element_" + k.signs[q.sign].element) });
    return q.points ? reason("points", { points: q.points }) : reason("record");
  }

  const ANSWERS = () => ({ yes: say("Yes"), no: say("No"), unknown: say("Not known"), refused: say("Refused"), not_applicable: say("Does not apply"), not_asked: say("Left open") });
  const listed = (rows) => h("ul", { class: "list" }, rows.map((n) => {
    const given = interview.record.answers[k.signs[n].id];
    return h("li", null, h("button", { type: "button", class: "item", click: () => { if (!isNew()) go("question", n); } },
      h("span", null, statement(n)), h("span", { class: "state" }, given ? ANSWERS()[given.answer] : "")));
  }));

  /** A line of the street card: ticked in place; a second touch at once does nothing. */
  function ticked(n) {
    const { id } = k.signs[n];
    let last = 0;
    const now = () => interview.record.answers[id]?.answer;
    const line = h("fieldset", { class: "tick" }, h("legend", null, statement(n)));
    for (const [value, words] of [["yes", say("Yes")], ["no", say("No")], ["unknown", say("Not known")]]) {
      line.append(h("button", { type: "button", "aria-pressed": String(now() === value), click: () => {
        if (isNew() || performance.now() - last < QUIET) return;
        last = performance.now();
        interview.answer(id, { ...interview.record.answers[id], answer: value });
        for (const [at, b] of [...line.querySelectorAll("button")].entries()) b.setAttribute("aria-pressed", String(["yes", "no", "unknown"][at] === now()));
        if (interview.helpAfter(n)) go("help");
      } }, words));
    }
    return line;
  }

  function keepPerson() {
    const typed = draft("age"), problem = document.getElementById("age-problem");
    if (!typed) return go("ageless");
    const age = /^\d{1,3}$/.test(typed) ? Number(typed) : NaN;
    const certain = state.drafts.certain;
    if (!(age <= k.oldest) || !certain) {
      problem.textContent = age <= k.oldest ? say("Say whether the age is certain.") : say("Write the age as a whole number from 0 to {most}.", { most: k.oldest });
      problem.classList.remove("hidden");
      return undefined;
    }
    return setPerson(age, certain === "yes");
  }
  function setPerson(age, certain) {
    const facts = Object.fromEntries(Object.keys(k.protocol.facts).flatMap((key) => (state.drafts["fact-" + key] ? [[key, state.drafts["fact-" + key]]] : [])));
    interview.person(age, certain, facts);
    onward();
  }

  function undo() {
    interview.undo();
    for (const name of Object.keys(state.drafts)) if (/^(note|basis)-/.test(name)) delete state.drafts[name];
    state.trail = [["start", null]];
    onward();
  }
  function startOver(data = null) {
    interview.take(data);
    Object.assign(state, { drafts: {}, trail: [], saved: null, goingOn: false });
    if (data) state.saved = JSON.stringify(interview.record);
  }

  /** About how many questions are still to come: counted once the page is there. */
  function foreseen() {
    const place = h("span", null);
    if (!state.goingOn) setTimeout(() => {
      const n = place.isConnected ? interview.more() : 0;
      if (n) place.textContent = " · " + say("about {n} more", { n });
    });
    return place;
  }

  const isSaved = () => state.saved === JSON.stringify(interview.record);
  const ui = { k, engine, interview, state, views, say, text, h, p, button, press, field, draft, choices, fold, go, back, draw, onward, prompt, isNew, isSaved, startOver, leave };
  return ui;
})();

// The whole page is a form, because a browser keeps what is typed outside of one that says not to.
document.addEventListener("submit", (event) => event.preventDefault());

// Keys that are held answer nothing; Esc twice leaves; the system's way back is the page's own.
(() => {
  let escaped = 0;
  document.addEventListener("keydown", (event) => {
    if (event.repeat && (event.key === "Enter" || event.key === " ") && event.target.tagName !== "TEXTAREA") event.preventDefault();
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - escaped < 1000) app.leave();
    escaped = event.timeStamp;
  });
  window.addEventListener("beforeunload", (event) => {
    if (app.interview.record.changes.length && !app.isSaved()) event.preventDefault();
  });
  history.pushState(null, "");
  window.addEventListener("popstate", () => { history.pushState(null, ""); if (!hands.locked()) app.back(); });
})();
