// The web chat's page: shows a conversation, sends what the person writes, reads what comes back (docs/webchat.md).

const byId = (id) => document.getElementById(id);
const LANGUAGES = JSON.parse(byId("interface").textContent); // code -> {name, dir, words}
const FALLBACK = "en";
const EMBEDDED = new URLSearchParams(location.search).has("embed") && window.parent !== window;

const scroller = byId("chat");
const log = byId("log");
const input = byId("input");

// --- Words ------------------------------------------------------------------------------------------------------

const page = { language: FALLBACK, chosen: false }; // chosen: by the person, so that we do not guess any more

function word(key, code = page.language) {
  return (LANGUAGES[code] ?? LANGUAGES[page.language]).words[key];
}

function guessLanguage() {
  const wanted = [new URLSearchParams(location.search).get("language"), ...navigator.languages];
  const known = wanted.map((tag) => tag?.toLowerCase().split("-")[0]).find((code) => code in LANGUAGES);
  return known ?? FALLBACK;
}

/** Put every word of the page into this language. What has been said stays in the language it was said in. */
function speak(code) {
  page.language = code;
  document.documentElement.lang = code;
  document.documentElement.dir = LANGUAGES[code].dir;
  document.title = word("page_title");
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", word(one.dataset.label));
  for (const one of document.querySelectorAll("[data-hint]")) one.placeholder = word(one.dataset.hint);
  for (const one of log.children) sign(one);
  byId("language").value = code;
  tell();
}

function choose(code) {
  page.chosen = true;
  speak(code);
}

// --- Memory -----------------------------------------------------------------------------------------------------
// Nothing is stored before the person has written or pressed something. The tab remembers the conversation; the device
// does so only while a person's answer is awaited, which may come tomorrow.

const NAME = "kaspa";

function storage(kind) {
  try {
    return window[kind];
  } catch {
    return null; // the browser forbids it, as some do in frames: the conversation lives as long as the page
  }
}

function load() {
  for (const kind of ["sessionStorage", "localStorage"]) {
    const kept = JSON.parse(storage(kind)?.getItem(NAME) ?? "null");
    if (kept) return kept;
  }
  return null;
}

function remember() {
  const { id, token, state } = talk;
  const kept = { id, token, ...page, unsent: talk.unsent };
  store("sessionStorage", kept);
  if (id && ["waiting", "with_advisor"].includes(state)) store("localStorage", { ...kept, unsent: [] });
  else forgetOnDevice();
}

function store(kind, value) {
  try {
    storage(kind)?.setItem(NAME, JSON.stringify(value));
  } catch {
    // full or forbidden: as above
  }
}

function forgetOnDevice() {
  const local = storage("localStorage");
  if (talk.id && local?.getItem(NAME)?.includes(talk.id)) local.removeItem(NAME); // another tab's may stay
}

function forget() {
  forgetOnDevice();
  storage("sessionStorage")?.removeItem(NAME);
  talk.gone.abort();
  talk = newTalk();
}

// --- The conversation -------------------------------------------------------------------------------------------

/**
 * `unsent`: what the person did, oldest first: {key, text} or {key, choice, label}; {key} alone only opens.
 * `bubbles`: key -> its bubble on the page. `shown`: every seq on the page. `over`: erased; the next message starts anew.
 */
function newTalk(kept = {}) {
  return {
    id: kept.id,
    token: kept.token,
    unsent: kept.unsent ?? [],
    state: "bot",
    after: 0,
    shown: new Set(),
    bubbles: new Map(),
    sending: false,
    erasing: false,
    over: false,
    gone: new AbortController(),
  };
}

let talk = newTalk();

function begin() {
  speak(page.language);
  clear();
  byId("welcome").hidden = false;
  byId("language-field").hidden = true;
  offerOwn();
}

function clear() {
  log.replaceChildren();
  hideTyping();
  problem("");
}

/** After a reload, or the next day: what was said is shown without being read aloud, and what was not sent is sent. */
function resume(kept) {
  talk = newTalk(kept);
  page.chosen = kept.chosen;
  speak(kept.language in LANGUAGES ? kept.language : page.language);
  enter();
  talk.unsent.forEach(showUnsent);
  offerOwn();
  if (!talk.id) return sendAll();
  log.setAttribute("aria-live", "off");
  receive(talk, sendAll);
}

function enter() {
  byId("welcome").hidden = true;
  byId("language-field").hidden = false;
}

/** The server has erased it. What is on the screen can still be read; the next message begins a new conversation. */
function end() {
  if (talk.erasing) return;
  const returned = talk.unsent.map((item) => item.text).filter(Boolean);
  for (const bubble of talk.bubbles.values()) bubble.remove();
  forget();
  talk.over = true;
  hideTyping();
  online();
  say("page_ended");
  giveBack(returned.join("\n"));
  offerOwn();
}

function leave(told = "") {
  forget();
  page.chosen = false;
  input.value = "";
  resized();
  begin();
  problem(told);
}

async function erase() {
  const erased = talk;
  erased.erasing = true;
  try {
    if (erased.id) await ask(erased, `/${erased.id}`, { method: "DELETE" });
  } catch (error) {
    if (error.status !== 404) {
      erased.erasing = false;
      return problem(word("page_try_again"));
    }
  }
  leave(word("page_erased"));
}

async function save() {
  try {
    const text = await ask(talk, `/${talk.id}/transcript`, { as: "text" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = "kaspa.txt";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  } catch (error) {
    if (error.status === 404) end();
    else problem(word("page_try_again"));
  }
}

// --- Asking the server ------------------------------------------------------------------------------------------

const PATIENCE = 20_000; // ms

/** The server's answer was no. `detail` is a sentence for the person, in the conversation's language. */
class Refused extends Error {
  constructor(status, detail) {
    super(`refused: ${status}`);
    this.status = status;
    this.detail = detail;
  }

  /** Worth another try: the fault is the server's, or something between us and it. */
  get passes() {
    return this.status >= 500 || this.status === 408;
  }
}

/** Throws Refused, or another error when there is no connection or the conversation is left. */
async function ask(whose, path, { method = "GET", body, as } = {}) {
  const stop = stopper(whose);
  const timer = setTimeout(stop.abort, PATIENCE);
  try {
    const response = await fetch(`api/conversations${path}`, {
      method,
      body: body && JSON.stringify(body),
      headers: { ...owner(whose), ...(body && { "Content-Type": "application/json" }) },
      ...options(stop.signal),
    });
    if (!response.ok) throw await refusal(response);
    return as ? await response[as]() : null;
  } finally {
    clearTimeout(timer);
    stop.end();
  }
}

function owner(whose) {
  return whose.token ? { Authorization: `Bearer ${whose.token}` } : {};
}

function options(signal) {
  return { signal, cache: "no-store", credentials: "omit" };
}

/** Stops by itself when the conversation is left. */
function stopper(whose) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const { signal } = whose.gone;
  signal.addEventListener("abort", abort);
  if (signal.aborted) abort();
  return { abort, signal: controller.signal, end: () => signal.removeEventListener("abort", abort) };
}

async function refusal(response) {
  const told = await response.json().catch(() => ({}));
  return new Refused(response.status, typeof told.detail === "string" ? told.detail : "");
}

/** Waits a moment, twice as long after each failure, but no longer than until the connection is back. */
function pause(whose, failures) {
  return wait(whose, Math.min(1000 * 2 ** failures, 30_000) * (0.75 + Math.random() / 2));
}

function wait(whose, milliseconds) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const go = () => {
      over.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(go, milliseconds);
    const { signal } = over;
    window.addEventListener("online", go, { signal });
    document.addEventListener("visibilitychange", () => document.hidden || go(), { signal });
    whose.gone.signal.addEventListener("abort", go, { signal });
  });
}

// --- Sending ----------------------------------------------------------------------------------------------------

function send(what) {
  if (talk.over) startOver();
  problem("");
  enter();
  quieten();
  const item = { key: uuid(), ...what };
  talk.unsent.push(item);
  remember();
  offerOwn();
  showUnsent(item);
  toEnd();
  showTyping();
  sendAll();
}

function startOver() {
  talk = newTalk();
  clear();
}

function press(choice, label) {
  const [kind, value] = choice.split(":");
  if (kind === "language" && value in LANGUAGES) choose(value);
  if (kind !== "language" || talk.id) send({ choice, label });
  else if (!talk.over) send({}); // the conversation opens in the language
}

/** One at a time, in order; each has its own key, so that sent twice it has one effect. */
async function sendAll() {
  const mine = talk;
  if (mine.sending) return;
  mine.sending = true;
  for (let failures = 0; talk === mine && mine.unsent.length; ) {
    try {
      await sendFirst(mine);
      failures = 0;
    } catch (error) {
      if (talk !== mine) return;
      if (error instanceof Refused && !error.passes) refuse(mine, error);
      else {
        offline();
        await pause(mine, failures++);
      }
    }
  }
  mine.sending = false;
}

async function sendFirst(mine) {
  const item = mine.unsent[0];
  if (!mine.id) await open(mine, item);
  if (item.text || item.choice) {
    const { key, text, choice } = item;
    mine.inFlight = item;
    const body = { key, ...(choice ? { choice } : { text }) };
    const { seq } = await ask(mine, `/${mine.id}/messages`, { method: "POST", as: "json", body });
    if (talk !== mine) return;
    sent(mine, item, seq);
  }
  online();
  mine.unsent.shift();
  remember();
}

/** The first thing the person did opens the conversation. Without a chosen language the server finds it in the text. */
async function open(mine, item) {
  const language = page.chosen || item.choice ? page.language : null;
  const opened = await ask(mine, "", { method: "POST", as: "json", body: { language } });
  if (talk !== mine) return;
  mine.id = opened.id;
  mine.token = opened.token;
  remember();
  opened.messages.forEach(show);
  offerOwn();
  receive(mine);
}

function sent(mine, item, seq) {
  const bubble = mine.bubbles.get(item.key);
  bubble.classList.remove("unsent");
  if (!mine.shown.has(seq)) bubble.dataset.seq = seq;
  else if (bubble.dataset.seq !== String(seq)) bubble.remove(); // it had arrived already, before a reload
  mine.bubbles.delete(item.key);
}

function refuse(mine, error) {
  if (error.status === 404) return end();
  const item = mine.unsent.shift();
  mine.bubbles.get(item.key)?.remove();
  mine.bubbles.delete(item.key);
  remember();
  hideTyping();
  if (item.text) giveBack(item.text);
  byId("welcome").hidden = log.children.length > 0;
  problem(error.detail || word("page_try_again"));
}

function giveBack(text) {
  if (!text) return;
  input.value = input.value ? `${text}\n${input.value}` : text;
  resized();
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http: randomUUID is not there
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// --- Receiving --------------------------------------------------------------------------------------------------

const SILENCE = 40_000; // ms; the server says something every 15 seconds
const FIRST_WORD = 5_000; // ms; it tells the state at once, so a stream that brings nothing is held up by a proxy
const POLL = 3_000; // ms
const POLLS = 40; // after two dumb streams so many polls, then a stream is tried again

/** Until the conversation is left: fetch what was missed, then follow the stream; where there is none, only fetch. */
async function receive(mine, then = () => {}) {
  let failures = 0;
  let dumb = 0;
  while (talk === mine) {
    try {
      if (mine.behind ?? mine.after === 0) await catchUp(mine);
      mine.behind = true;
      online();
      then();
      then = () => {};
      failures = 0;
      dumb = dumb < 2 && (await follow(mine)) ? 0 : (dumb + 1) % POLLS;
      await wait(mine, POLL / (dumb < 2 ? 3 : 1));
    } catch (error) {
      if (talk !== mine) return;
      if (error.status === 404) return end();
      if (failures > 0) offline();
      await pause(mine, failures++);
    }
  }
}

async function catchUp(mine) {
  const { messages, state } = await ask(mine, `/${mine.id}/messages?after=${mine.after}`, { as: "json" });
  if (talk !== mine) return;
  const first = !mine.shown.size;
  messages.forEach(show);
  become(state);
  if (first) toEnd();
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

/** Reads the stream until it breaks. Returns whether it brought anything; throws Refused. */
async function follow(mine) {
  let heard = false;
  const stop = stopper(mine);
  let timer = setTimeout(stop.abort, FIRST_WORD);
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(stop.abort, SILENCE);
  };
  try {
    const response = await fetch(`api/conversations/${mine.id}/stream`, {
      headers: { ...owner(mine), Accept: "text/event-stream", "Last-Event-ID": String(mine.after) },
      ...options(stop.signal),
    });
    if (!response.ok) throw await refusal(response);
    for await (const { event, data } of events(response.body, alive)) {
      if (talk !== mine) break;
      heard = true;
      happen(event, JSON.parse(data));
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
  } finally {
    clearTimeout(timer);
    stop.end();
  }
  return heard;
}

/** Server-sent events out of a body (WHATWG HTML, section 9.2.6), as far as our server uses them. */
async function* events(body, alive) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let event = { event: "message", data: "" };
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    rest += value;
    const end = rest.endsWith("\r") ? rest.length - 1 : rest.length; // half of a line's end may be on its way
    const lines = rest.slice(0, end).split(/\r\n|\n|\r/);
    rest = lines.pop() + rest.slice(end);
    for (const line of lines) {
      const [, field, text] = /^([^:]*):? ?(.*)$/.exec(line);
      if (line === "") {
        if (event.data) yield event;
        event = { event: "message", data: "" };
      } else if (field === "data") event.data += (event.data && "\n") + text;
      else if (field === "event") event.event = text;
    }
  }
}

function happen(event, data) {
  if (event === "message") show(data);
  else if (event === "state") become(data.state);
  else if (event === "closed") end();
}

function become(state) {
  talk.state = state;
  if (state === "with_advisor") hideTyping();
  remember();
  offerOwn();
}

// --- Showing ----------------------------------------------------------------------------------------------------

/** A message of the server's, once. Our own one takes the place of the bubble that waited for it. */
function show(message) {
  if (talk.shown.has(message.seq)) return;
  talk.shown.add(message.seq);
  talk.after = Math.max(talk.after, message.seq);
  const waiting = message.from === "you" ? waitingFor(message.seq) : null;
  if (waiting) return arrived(waiting, message);
  const near = isAtEnd();
  if (message.from !== "you") hideTyping();
  if (message.from === "you" || message.choices.length) quieten();
  const article = fill(newMessage(), message);
  log.insertBefore(article, log.querySelector(".unsent"));
  followLanguage(message);
  if (near) reveal(article);
}

function arrived(bubble, message) {
  bubble.classList.remove("unsent");
  fill(bubble, message);
}

function waitingFor(seq) {
  const known = log.querySelector(`.you[data-seq="${seq}"]`);
  if (known) return known;
  const bubble = talk.bubbles.get(talk.inFlight?.key);
  return bubble && !bubble.dataset.seq ? bubble : null;
}

/** Whoever has chosen no language gets the page in the one the bot answers in, once something has been asked. */
function followLanguage({ from, language, choices }) {
  const asked = log.querySelector(".you") !== null;
  if (page.chosen || !asked || from !== "bot" || !(language in LANGUAGES) || asksLanguage(choices)) return;
  if (language === page.language) return;
  speak(language);
  remember();
}

function asksLanguage(choices) {
  return choices.some((choice) => choice.id.startsWith("language:"));
}

function showUnsent(item) {
  const text = item.text ?? item.label;
  if (!text) return;
  const article = fill(newMessage(), { from: "you", text, dir: "auto" });
  article.classList.add("unsent");
  talk.bubbles.set(item.key, article);
  log.append(article);
}

/** Something the page itself has to say, in its own words. */
function say(key) {
  const article = fill(newMessage(), { from: "notice", text: word(key), language: page.language, dir: LANGUAGES[page.language].dir });
  log.append(article);
  reveal(article);
}

function newMessage() {
  return byId("message").content.firstElementChild.cloneNode(true);
}

function fill(article, message) {
  const { from, language, dir, seq, at } = message;
  article.classList.add(from);
  article.dataset.from = from;
  if (from === "you") article.ariaLive = "off"; // nobody needs to hear what they have just written
  if (seq) article.dataset.seq = seq;
  if (at) article.querySelector("time").dateTime = at;
  const bubble = article.querySelector(".bubble");
  if (language) bubble.lang = language;
  bubble.dir = dir;
  fillText(article.querySelector(".text"), message);
  fillDraft(article, message);
  fillSources(article, message);
  fillChoices(article, message);
  sign(article);
  return article;
}

function fillText(place, { from, html, text, choices = [] }) {
  if (from === "you" || !html) {
    if (place.textContent !== text) place.textContent = text;
    return;
  }
  place.innerHTML = html; // made and cleaned by the server: paragraphs, lists, bold
  linkUp(place);
  if (asksLanguage(choices)) markLanguages(place);
}

function fillDraft(article, { draft, language }) {
  const place = article.querySelector(".draft");
  if (draft) place.textContent = word("draft", language);
  else place?.remove();
}

function fillSources(article, { sources = [], language }) {
  const place = article.querySelector(".sources");
  if (!sources.length) return place?.remove();
  place.firstElementChild.textContent = word("sources", language);
  place.lastElementChild.replaceChildren(...sources.map(({ title, url }) => element("li", outward(url, title))));
}

function fillChoices(article, { choices = [], language, dir }) {
  const place = article.querySelector(".choices");
  if (!choices.length) return place?.remove();
  place.replaceChildren(...choices.map((choice) => element("li", button(choice, language, dir))));
}

function button({ id, label }, language, dir) {
  const made = element("button", label);
  const code = id.startsWith("language:") ? id.slice("language:".length) : language;
  made.type = "button";
  made.dataset.choice = id;
  made.lang = code;
  made.dir = LANGUAGES[code]?.dir ?? dir;
  return made;
}

/** Who said it and when, in the page's language. */
function sign(article) {
  write(article.querySelector(".who"), word(`page_${article.dataset.from}`));
  const time = article.querySelector("time");
  if (time.dateTime) write(time, when(new Date(time.dateTime)));
}

/** Changes the text where it is: a new node would be read aloud again. */
function write(place, text) {
  if (place.firstChild) place.firstChild.data = text;
  else place.textContent = text;
}

/** The day is told when it is not today. Clocks in Finland count to 24. */
function when(date) {
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  const clock = { hour: "numeric", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat(`${page.language}-FI`, { ...day, ...clock }).format(date);
}

/** The question which language is asked in all of them at once; each line is in its own. */
function markLanguages(place) {
  for (const line of place.querySelectorAll("p")) {
    const own = Object.keys(LANGUAGES).find((code) => word("ask_language", code) === line.textContent);
    if (own) Object.assign(line, { lang: own, dir: LANGUAGES[own].dir });
  }
}

// A web address, or a phone number as Finns write one: +358 44 797 0676, 044 797 0676, 116 117, 112.
const LINKABLE = /https:\/\/[^\s<>"«»()\u2066-\u2069]+|\+\d(?:[ \u00a0]?\d){6,14}|0\d{1,3}[ \u00a0-]?\d(?:[ \u00a0]?\d){3,9}|116[ \u00a0]?\d{3}|112/g;

function linkUp(place) {
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = linked(text.data);
    if (parts.length > 1) text.replaceWith(...parts);
  }
}

function linked(text) {
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(LINKABLE)) {
    const shown = found.replace(/[.,:;!?…]+$/, "");
    if (!stands(text, index, index + shown.length)) continue;
    parts.push(text.slice(end, index), isolated(shown));
    end = index + shown.length;
  }
  return [...parts, text.slice(end)];
}

/** Not a piece of a longer number, of a date, of an identity code or of a sum of money. */
function stands(text, start, end) {
  const before = text.slice(0, start);
  const after = text.slice(end);
  return !/[\p{L}\p{N}][.,:/–-]?$/u.test(before) && !/^([\p{L}\p{N}]|[.,:/–-]\d|[ \u00a0]?(€|%|eur))/iu.test(after);
}

function isolated(shown) {
  const made = element("bdi", shown.startsWith("https:") ? outward(shown, shown) : telephone(shown));
  made.dir = "ltr";
  return made;
}

function telephone(number) {
  const link = element("a", number);
  link.href = `tel:${number.replace(/[^\d+]/g, "")}`;
  return link;
}

function outward(url, title) {
  const link = element("a", title);
  if (/^https?:/.test(url)) link.href = url;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

function quieten() {
  for (const choices of log.querySelectorAll(".choices")) choices.classList.add("older");
}

// --- Who is writing, what is wrong ------------------------------------------------------------------------------

let typing; // timer
const trouble = { offline: false, problem: "" };

/** An answer mostly comes before this shows. */
function showTyping() {
  hideTyping();
  if (talk.state === "with_advisor") return;
  typing = setTimeout(() => {
    const near = isAtEnd();
    byId("typing").textContent = word("page_typing");
    if (near) toEnd();
    typing = setTimeout(hideTyping, 30_000);
  }, 500);
}

function hideTyping() {
  clearTimeout(typing);
  byId("typing").textContent = "";
}

function offline() {
  trouble.offline = true;
  hideTyping();
  tell();
}

function online() {
  trouble.offline = false;
  tell();
}

function problem(text) {
  trouble.problem = text;
  tell();
}

function tell() {
  const text = trouble.problem || (trouble.offline ? word("page_offline") : "");
  if (byId("notice").textContent !== text) byId("notice").textContent = text;
}

// --- Scrolling --------------------------------------------------------------------------------------------------

let atEnd = true;

function isAtEnd() {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
}

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
}

/** What came at once is shown from its beginning (a crisis card, not the end of the answer under it), or else whole. */
function reveal(article) {
  const room = byId("input").form.parentElement.getBoundingClientRect().top - header().getBoundingClientRect().bottom;
  const first = firstOf(article);
  if (article.getBoundingClientRect().bottom - first.getBoundingClientRect().top < room) toEnd();
  else first.scrollIntoView({ block: "start" });
}

/** The messages of one turn have one time. */
function firstOf(article) {
  const before = article.previousElementSibling;
  return before && saidAt(before) && saidAt(before) === saidAt(article) ? firstOf(before) : article;
}

function saidAt(article) {
  return article.querySelector("time")?.dateTime;
}

function header() {
  return scroller.querySelector("header");
}

/** The sticky header and footer must not hide what has the focus (WCAG 2.4.11): the style sheet leaves room for them. */
function measure() {
  scroller.style.setProperty("--header", `${header().offsetHeight}px`);
  scroller.style.setProperty("--footer", `${scroller.querySelector("footer").offsetHeight}px`);
  if (atEnd && log.children.length) toEnd();
}

/** Safari lays its keyboard over the page instead of making room for it. */
function fitKeyboard() {
  const { height, scale } = window.visualViewport;
  if (scale < 1.01) document.documentElement.style.setProperty("--visible", `${height}px`);
}

// --- What the person does ---------------------------------------------------------------------------------------

function submit(event) {
  event.preventDefault();
  const text = input.value.trim();
  if (!text) return input.focus();
  input.value = "";
  resized();
  send({ text });
  input.focus();
}

/** Enter chooses a word while one is being composed (Japanese, many Android keyboards); only a plain one sends. */
function key(event) {
  const composing = event.isComposing || event.keyCode === 229;
  if (event.key === "Enter" && !event.shiftKey && !composing) submit(event);
}

function resized() {
  if (!CSS.supports("field-sizing", "content")) {
    input.style.blockSize = "auto";
    input.style.blockSize = `${input.scrollHeight + 2}px`;
  }
  const limit = input.maxLength;
  const left = limit - input.value.length;
  byId("counter").textContent = limit > 0 && left <= limit / 10 ? `${input.value.length} / ${limit}` : "";
}

function clicked(event) {
  const pressed = event.target.closest("[data-choice]");
  if (!byId("menu").hidden && !event.target.closest("#menu-button")) toggleMenu(false);
  if (pressed) press(pressed.dataset.choice, pressed.textContent.trim());
}

function toggleMenu(opened) {
  const inside = byId("menu").contains(document.activeElement);
  byId("menu").hidden = !opened;
  byId("menu-button").setAttribute("aria-expanded", String(opened));
  if (!opened && inside) byId("menu-button").focus();
}

function escape(event) {
  if (event.key !== "Escape" || byId("erase-dialog").open) return;
  if (!byId("menu").hidden) toggleMenu(false);
  else close();
}

function close() {
  if (EMBEDDED) window.parent.postMessage("kaspa:close", "*"); // says nothing about anyone, whoever has embedded us
}

/** What can be done with one's own conversation; a new one cannot be begun over the head of a person's answer. */
function offerOwn() {
  const begun = Boolean(talk.id || talk.over || talk.unsent.length);
  for (const one of document.querySelectorAll("#menu .own")) one.hidden = !begun;
  byId("save").parentElement.hidden = !talk.id;
  byId("new").parentElement.hidden ||= ["waiting", "with_advisor"].includes(talk.state);
}

function askToErase() {
  const dialog = byId("erase-dialog");
  dialog.returnValue = "";
  dialog.showModal();
}

function wire() {
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", escape);
  byId("composer").addEventListener("submit", submit);
  input.addEventListener("keydown", key);
  input.addEventListener("input", () => {
    problem("");
    resized();
  });
  byId("menu-button").addEventListener("click", () => toggleMenu(byId("menu").hidden));
  byId("menu").addEventListener("focusout", ({ relatedTarget: to }) => to && !to.closest(".menu") && toggleMenu(false));
  byId("language").addEventListener("change", (event) => press(`language:${event.target.value}`, LANGUAGES[event.target.value].name));
  byId("save").addEventListener("click", save);
  byId("new").addEventListener("click", () => leave());
  byId("erase").addEventListener("click", askToErase);
  byId("erase-dialog").addEventListener("close", (event) => event.target.returnValue === "erase" && erase());
  byId("close").addEventListener("click", close);
  byId("close").hidden = !EMBEDDED;
  scroller.addEventListener("scroll", () => (atEnd = isAtEnd()), { passive: true });
  window.visualViewport?.addEventListener("resize", fitKeyboard);
}

function watchSizes() {
  const sizes = new ResizeObserver(measure);
  for (const one of [scroller, header(), scroller.querySelector("footer")]) sizes.observe(one);
}

function start() {
  page.language = guessLanguage();
  wire();
  scroller.hidden = false;
  watchSizes();
  const kept = load();
  if (kept?.id || kept?.unsent.length) resume(kept);
  else begin();
}

start();
