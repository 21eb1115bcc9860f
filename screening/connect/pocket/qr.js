// A QR code (ISO/IEC 18004) of letters, digits and $%*+-./: - alphanumeric mode, error correction
// level L, versions 1 to 40, always mask 0, which every reader takes.

const QR_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
// Level L, by version: codewords of error correction in a block, and blocks
const QR_ECC = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
  28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const QR_BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
  8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];

/** The modules of the smallest code that holds a text: rows of true (dark) and false. */
function qrOf(text) {
  const version = qrVersion(text.length), size = 17 + 4 * version;
  const dark = Array.from({ length: size }, () => Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (x, y, on) => { if (x >= 0 && y >= 0 && x < size && y < size) { dark[y][x] = on; fixed[y][x] = true; } };

  // Timing lines, three finders with their margins, alignment patterns, format and version
  for (let i = 0; i < size; i += 1) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    for (let dy = -4; dy <= 4; dy += 1) for (let dx = -4; dx <= 4; dx += 1) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
    }
  }
  const centres = qrCentres(version, size), last = centres.length - 1;
  centres.forEach((cy, i) => centres.forEach((cx, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) {
      set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }
  }));
  const format = (1 << 13 | qrRest(1 << 3, 10, 0x537)) ^ 0x5412; // level L is 01, mask 000
  const bit = (value, i) => ((value >>> i) & 1) === 1;
  for (let i = 0; i < 6; i += 1) set(8, i, bit(format, i));
  set(8, 7, bit(format, 6)); set(8, 8, bit(format, 7)); set(7, 8, bit(format, 8));
  for (let i = 9; i < 15; i += 1) set(14 - i, 8, bit(format, i));
  for (let i = 0; i < 8; i += 1) set(size - 1 - i, 8, bit(format, i));
  for (let i = 8; i < 15; i += 1) set(8, size - 15 + i, bit(format, i));
  set(8, size - 8, true);
  if (version >= 7) {
    const number = version << 12 | qrRest(version, 12, 0x1f25);
    for (let i = 0; i < 18; i += 1) {
      const a = size - 11 + (i % 3), b = Math.floor(i / 3);
      set(a, b, bit(number, i)); set(b, a, bit(number, i));
    }
  }

  // The codewords, in columns of two from the right, up and down, under mask 0
  const words = qrCodewords(text, version);
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let v = 0; v < size; v += 1) for (let j = 0; j < 2; j += 1) {
      const x = right - j, y = ((right + 1) & 2) === 0 ? size - 1 - v : v;
      if (fixed[y][x]) continue;
      const on = at < words.length * 8 && bit(words[at >>> 3], 7 - (at & 7));
      dark[y][x] = on !== ((x + y) % 2 === 0);
      at += 1;
    }
  }
  return dark;
}

/** The remainder of a BCH code. */
function qrRest(value, bits, polynomial) {
  let rest = value;
  for (let i = 0; i < bits; i += 1) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * polynomial);
  return rest;
}

/** Modules of a version that carry codewords, in whole bytes. */
function qrBytes(version) {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const centres = Math.floor(version / 7) + 2;
    modules -= (25 * centres - 10) * centres - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

const qrRoom = (version) => qrBytes(version) - QR_ECC[version - 1] * QR_BLOCKS[version - 1];
const qrCountBits = (version) => (version < 10 ? 9 : version < 27 ? 11 : 13);

function qrVersion(letters) {
  for (let version = 1; version <= 40; version += 1) {
    const bits = 4 + qrCountBits(version) + 11 * Math.floor(letters / 2) + 6 * (letters % 2);
    if (bits <= 8 * qrRoom(version)) return version;
  }
  throw new Error("too long for a code");
}

function qrCentres(version, size) {
  if (version === 1) return [];
  const many = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (many * 2 - 2)) * 2;
  const found = [6];
  for (let at = size - 7; found.length < many; at -= step) found.splice(1, 0, at);
  return found;
}

/** Mode, length, letters two by two, padding; then error correction, and the blocks in turns. */
function qrCodewords(text, version) {
  const bits = [], push = (value, n) => { for (let i = n - 1; i >= 0; i -= 1) bits.push((value >>> i) & 1); };
  push(2, 4); push(text.length, qrCountBits(version));
  for (let i = 0; i + 1 < text.length; i += 2) push(QR_LETTERS.indexOf(text[i]) * 45 + QR_LETTERS.indexOf(text[i + 1]), 11);
  if (text.length % 2) push(QR_LETTERS.indexOf(text.at(-1)), 6);
  const room = qrRoom(version) * 8;
  push(0, Math.min(4, room - bits.length));
  while (bits.length % 8) bits.push(0);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) push(pad, 8);
  const data = Array.from({ length: bits.length / 8 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8).join(""), 2));

  const blocks = QR_BLOCKS[version - 1], ecc = QR_ECC[version - 1], all = qrBytes(version);
  const short = blocks - (all % blocks), length = Math.floor(all / blocks) - ecc;
  const divisor = qrDivisor(ecc), parts = [];
  let at = 0;
  for (let i = 0; i < blocks; i += 1) {
    const own = data.slice(at, at += length + (i >= short ? 1 : 0));
    parts.push([own, qrRemainder(own, divisor)]);
  }
  const out = [];
  for (let i = 0; i <= length; i += 1) for (const [own] of parts) if (i < own.length) out.push(own[i]);
  for (let i = 0; i < ecc; i += 1) for (const [, rest] of parts) out.push(rest[i]);
  return out;
}

/** The product in the field of 256 elements of QR codes. */
function qrTimes(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> i) & 1) * a;
  }
  return product;
}

function qrDivisor(degree) {
  const result = Array(degree).fill(0);
  result[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i += 1) {
    for (let j = 0; j < degree; j += 1) {
      result[j] = qrTimes(result[j], root);
      if (j + 1 < degree) result[j] ^= result[j + 1];
    }
    root = qrTimes(root, 2);
  }
  return result;
}

function qrRemainder(data, divisor) {
  const rest = divisor.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((v, i) => { rest[i] ^= qrTimes(v, factor); });
  }
  return rest;
}
