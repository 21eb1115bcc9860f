// How a record leaves the page: as an encrypted file that the laptop opens
// (screening/casebook/sealed.py says how it is built), or as codes that the laptop reads
// (textcode.py). Nothing is kept by the page itself.

const SEAL = { magic: "screening-case\n2", rounds: 600000, block: 4096, shortest: 15, least: 104 + 28 + 4096 + 32, most: 4e6 };
const PIECE = 900; // letters of a code that a cheap camera still reads

const keeping = (() => {
  const { k, interview, state, views, say, h, p, button, press, field, draft } = app;
  const utf8 = (words) => new TextEncoder().encode(words);
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const random = (n) => crypto.getRandomValues(new Uint8Array(n));
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const normal = (passphrase) => passphrase.normalize("NFKC");

  async function wrappingKey(passphrase, salt, rounds) {
    const given = await crypto.subtle.importKey("raw", utf8(normal(passphrase)), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, given,
      { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }
  const gcm = (iv, additionalData) => ({ name: "AES-GCM", iv, additionalData });
  const keyOf = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

  /** The bytes of an encrypted case file. */
  async function seal(data, passphrase) {
    let text = utf8(JSON.stringify(data));
    text = joined(text, utf8(" ".repeat((SEAL.block - (text.length % SEAL.block)) % SEAL.block)));
    const salt = random(16), inner = random(32), first = random(12), second = random(12);
    const head = joined(utf8(SEAL.magic), salt, new Uint8Array(Uint32Array.of(SEAL.rounds, 0, 0).buffer));
    const outer = await wrappingKey(passphrase, salt, SEAL.rounds);
    const wrapped = new Uint8Array(await crypto.subtle.encrypt(gcm(first, head), outer, inner));
    const start = joined(head, first, wrapped);
    const body = new Uint8Array(await crypto.subtle.encrypt(gcm(second, start), await keyOf(inner), text));
    const whole = joined(start, second, body);
    return joined(whole, await sha256(whole));
  }

  /** The record in a file of a pocket, or a sentence that says why it cannot be read. */
  async function open(bytes, passphrase) {
    const head = bytes.slice(0, 44), start = bytes.slice(0, 104);
    const foreign = say("This file was not saved by this page. If the laptop saved it, open it there.");
    const damaged = say("This file is damaged or cut off. Copy it again from where it was saved.");
    if (new TextDecoder().decode(bytes.slice(0, 16)) !== SEAL.magic) return foreign;
    if (bytes.length < SEAL.least || bytes.length > SEAL.most) return damaged;
    const sum = await sha256(bytes.slice(0, -32));
    if (!sum.every((byte, n) => byte === bytes.at(n - 32))) return damaged;
    const rounds = new DataView(bytes.buffer).getUint32(32, true);
    if (rounds < SEAL.rounds || rounds > 1e7) return foreign;
    try {
      const outer = await wrappingKey(passphrase, bytes.slice(16, 32), rounds);
      const inner = await crypto.subtle.decrypt(gcm(bytes.slice(44, 56), head), outer, bytes.slice(56, 104));
      const text = await crypto.subtle.decrypt(gcm(bytes.slice(104, 116), start), await keyOf(inner), bytes.slice(116, -32));
      return JSON.parse(new TextDecoder().decode(text));
    } catch { return say("Wrong passphrase."); }
  }

  /** Six made-up words that can be spoken: 110 bits (as on the laptop). */
  function sixWords() {
    const sounds = [..."bdfgklmnprstvz"].flatMap((c) => [..."aeiou"].map((v) => c + v));
    const sound = () => { let n; do { [n] = random(1); } while (n >= 210); return sounds[n % 70]; };
    return Array.from({ length: 6 }, () => sound() + sound() + sound()).join(" ");
  }

  // -- codes ---------------------------------------------------------------------------------------

  function crc32(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let i = 0; i < 8; i += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
    return (~crc >>> 0).toString(16).toUpperCase().padStart(8, "0");
  }

  function base32(bytes) {
    let bits = 0, value = 0, out = "";
    for (const byte of bytes) {
      value = (value << 8 | byte) & 0xfff; bits += 8;
      while (bits >= 5) { bits -= 5; out += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(value >>> bits) & 31]; }
    }
    return bits ? out + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(value << (5 - bits)) & 31] : out;
  }

  async function deflated(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** The record as texts, each for one code. How it came about is left to the file. */
  async function textParts() {
    const shown = interview.record.changes.filter(([what]) => what === "shown").slice(-1);
    const looked = interview.record.changes.filter(([what]) => what === "looked");
    const record = { ...interview.record, changes: [...looked, ...shown, ["read", "", "code"]] };
    const packed = await deflated(utf8(JSON.stringify(record)));
    const text = base32(packed), many = Math.ceil(text.length / PIECE), size = Math.ceil(text.length / many);
    return Array.from({ length: many }, (_, n) => `SP1:${n + 1}/${many}:${crc32(packed)}:${text.slice(n * size, n * size + size)}`);
  }

  /** A code as one drawing, four modules of margin around it. */
  function picture(text) {
    const rows = qrOf(text), size = rows.length + 8;
    const path = rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x + 4} ${y + 4}h1v1h-1z`] : []))).join("");
    return h("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, "shape-rendering": "crispEdges", role: "img", "aria-label": say("Code") }, h("path", { d: path }));
  }

  // -- screens -------------------------------------------------------------------------------------

  const trouble = () => h("p", { class: "warn hidden", role: "alert", id: "trouble" });
  const tell = (words) => { const place = document.getElementById("trouble"); place.textContent = words; place.classList.remove("hidden"); };

  views.save = () => {
    state.drafts.passphrase ??= sixWords();
    return [
      h("h1", null, say("Save an encrypted file")),
      p(say("Write the passphrase down apart from this phone. Without it nobody opens the file.")),
      field("passphrase", say("Passphrase"), { autocapitalize: "none", rows: 2 }),
      trouble(),
      press(say("Save"), async () => {
        const passphrase = state.drafts.passphrase.trim().replace(/\s+/g, " ");
        if (!crypto.subtle) return tell(say("This browser cannot encrypt a file opened this way. Show the code instead."));
        if (passphrase.length < SEAL.shortest || new Set(passphrase).size < 6) return tell(say("The passphrase is too weak: at least {n} letters, nothing easily guessed.", { n: SEAL.shortest }));
        const bytes = await seal(interview.record, passphrase);
        const link = h("a", { href: URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" })), download: interview.record.case_id + ".case" });
        link.click();
        state.saved = JSON.stringify(interview.record);
        return tell(say("Check your Downloads folder."));
      }, "main"),
    ];
  };

  views.open = () => [
    h("h1", null, say("Open a saved file")),
    h("label", { for: "f-file" }, say("Encrypted case file"), h("input", { id: "f-file", type: "file" })),
    field("opening", say("Passphrase"), { type: "password", autocapitalize: "none" }, "input"),
    trouble(),
    press(say("Open this file"), async () => {
      const [file] = document.getElementById("f-file").files;
      if (!file) return tell(say("Choose a file first."));
      if (!crypto.subtle) return tell(say("This browser cannot open an encrypted file here. Open it on the laptop."));
      const data = await open(new Uint8Array(await file.slice(0, SEAL.most + 1).arrayBuffer()), draft("opening"));
      if (typeof data === "string") return tell(data);
      if (data.format !== k.format) return tell(say("This file was not saved by this page. If the laptop saved it, open it there."));
      if (data.sha256 !== k.checklist.sha256 || data.weights_sha256 !== k.weights.sha256) return tell(say("The file was begun with another list. Open it on the laptop."));
      app.startOver(data);
      app.go("start", null, false);
      return undefined;
    }, "main"),
  ];

  views.code = (n) => {
    const place = h("div", null, p(say("Code")));
    textParts().then((parts) => {
      const at = Math.min(n ?? 0, parts.length - 1);
      state.saved = JSON.stringify(interview.record);
      place.replaceChildren(
        p(say("Code {n} of {all}", { n: at + 1, all: parts.length }), "mode"), picture(parts[at]),
        ...(at + 1 < parts.length ? [button(say("Next code"), () => app.go("code", at + 1), "main")] : []),
        h("details", null, h("summary", null, say("As text, to copy")), h("p", { class: "small", id: "code-text" }, parts.join("\n"))));
    });
    return [
      h("h1", null, say("Show the code to the laptop")),
      p(say("It is not encrypted: whoever photographs it has the record.")),
      place,
    ];
  };

  return {
    menu: (begun) => [
      begun ? button(say("Save an encrypted file"), () => app.go("save")) : null,
      begun && typeof CompressionStream !== "undefined" ? button(say("Show as a code"), () => app.go("code", 0)) : null,
      begun ? null : button(say("Open a saved file"), () => app.go("open")),
    ],
    seal, open, textParts, picture,
  };
})();
