// Looks for the number with which the SHA-256 (FIPS 180-4) of a challenge begins with so many zero bits. Browsers offer a digest only over a safe connection and one at a
// time; this is tried some hundred thousand times.

const FRACTIONS = (root, count) => {
  const found = [];
  for (let n = 2; found.length < count; n += 1) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) { prime = false; break; }
    if (prime) found.push(((n ** (1 / root)) % 1) * 0x100000000 | 0);
  }
  return found;
};
const ROUNDS = Int32Array.from(FRACTIONS(3, 64));
const START = Int32Array.from(FRACTIONS(2, 8));
const schedule = new Int32Array(64);

const turned = (word, by) => (word >>> by) | (word << (32 - by));

// Mixes one block of 64 bytes into the state.
const mix = (state, block, at) => {
  for (let i = 0; i < 16; i += 1) schedule[i] = block.getInt32(at + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const before = schedule[i - 15];
    const last = schedule[i - 2];
    const small = turned(before, 7) ^ turned(before, 18) ^ (before >>> 3);
    const large = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10);
    schedule[i] = (schedule[i - 16] + small + schedule[i - 7] + large) | 0;
  }
  let a = state[0]; let b = state[1]; let c = state[2]; let d = state[3];
  let e = state[4]; let f = state[5]; let g = state[6]; let h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + schedule[i]) | 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
};

const state = new Int32Array(8);

// The first 32 bits of the digest of the first `length` bytes of what has room for them, for the bit behind them and for how long they are.
const firstWord = (bytes, view, length) => {
  const end = Math.ceil((length + 9) / 64) * 64;
  bytes[length] = 0x80;
  bytes.fill(0, length + 1, end);
  view.setUint32(end - 4, length * 8);
  state.set(START);
  for (let at = 0; at < end; at += 64) mix(state, view, at);
  return state[0] >>> 0;
};

const solve = (challenge, bits) => {
  const said = new TextEncoder().encode(`${challenge}.`);
  const bytes = new Uint8Array(Math.ceil((said.length + 64) / 64) * 64);
  const view = new DataView(bytes.buffer);
  bytes.set(said);
  for (let number = 0; ; number += 1) {
    const digits = String(number);
    for (let i = 0; i < digits.length; i += 1) bytes[said.length + i] = digits.charCodeAt(i);
    if (Math.clz32(firstWord(bytes, view, said.length + digits.length)) >= bits) return number;
  }
};

globalThis.addEventListener?.('message', ({ data: { challenge, bits } }) => globalThis.postMessage(solve(challenge, bits)));
