// The live parts of the console. Every page works without this script; with it nobody needs to load a page again.
"use strict";

const page = document.body.dataset;
const find = (selector, root = document) => root.querySelector(selector);
const plainTitle = document.title.replace(/^\(\d+\) /, "");
const AGAIN = 5000; // milliseconds until a lost stream is opened anew
const OFTEN = 15000; // milliseconds between looks while there is no stream

function setText(element, text) {
  // A live region that is written anew is read out anew, so it is left alone when nothing has changed.
  if (element && element.textContent !== text) element.textContent = text;
}

function showTrouble(text) {
  const box = find("#trouble");
  setText(box, text);
  box.hidden = !text;
}

// --- The invitation's code: behind the #, where no server sees it --------------------------------------------------
function takeCode() {
  const form = find("[data-welcome]");
  const code = decodeURIComponent(location.hash.slice(1));
  if (!form || !code) return;
  form.elements.code.value = code;
  find("#code-row").hidden = true;
  history.replaceState(null, "", location.pathname);
  form.elements.password.focus();
}

// --- News of the queue: title, count, sentence, alarm, notification --------------------------------------------------
let news = null;

function onQueue(fresh) {
  const before = news || { waiting: fresh.waiting, acute: Number(find("#queue")?.dataset.acute || 0) };
  news = fresh;
  document.title = (fresh.waiting ? `(${fresh.waiting}) ` : "") + plainTitle;
  setText(find("#nav-count"), fresh.waiting ? String(fresh.waiting) : "");
  setText(find("#queue-say"), fresh.say);
  if (find("#queue")) htmx.trigger("#queue", "kaspa:queue");
  if (fresh.acute > before.acute) {
    setText(find("#alarm strong"), fresh.alarm);
    find("#alarm").hidden = false;
  }
  if (!fresh.acute) find("#alarm").hidden = true;
  if (fresh.waiting > before.waiting) notify(fresh);
}

function notify(fresh) {
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  const shown = new Notification("Kaspa", { body: fresh.acute ? fresh.alarm : fresh.note, tag: "kaspa-queue", renotify: true });
  shown.onclick = () => { window.focus(); shown.close(); };
}

function offerNotifications() {
  const button = find("#notify");
  if (!button || !("Notification" in window) || Notification.permission !== "default") return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    button.hidden = true;
  });
}

// --- The talk: new lines at the end, each once ------------------------------------------------------------------------
const lastLine = () => Number(find("#talk li:last-child")?.dataset.id || 0);

function addLines(html) {
  const talk = find("#talk");
  if (!talk) return;
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 120;
  for (const line of [...holder.content.children]) if (!document.getElementById(line.id)) talk.append(line);
  if (atEnd) toEnd();
}

function toEnd() {
  scrollTo({ top: document.documentElement.scrollHeight });
}

async function catchUp() {
  if (!find("#talk")) return;
  const answer = await fetch(`${find("#case").dataset.path}/lines?after=${lastLine()}`);
  if (answer.ok) addLines(await answer.text());
}

let latest = null; // what the stream said last of the case
let asked = null; // what it had said when the page was last asked for

function onCase(state) {
  const shown = find("#case");
  latest = state;
  const acute = state.acute ? "yes" : "no";
  if (shown.dataset.mode === state.mode && shown.dataset.acute === acute) return;
  // What is being written stays, as long as it can still be sent.
  const part = shown.dataset.mode === state.mode ? "#case-head" : "#case";
  shown.dataset.acute = acute;
  asked = state;
  htmx.ajax("GET", shown.dataset.path, { source: part, target: part, select: part, swap: "outerHTML" });
}

// --- One stream a page ------------------------------------------------------------------------------------------------
let stream = null;

function listen() {
  if (!page.stream) return;
  const [path] = page.stream.split("?");
  stream = new EventSource(find("#talk") ? `${path}?after=${lastLine()}` : path);
  stream.addEventListener("open", () => showTrouble(""));
  stream.addEventListener("queue", (event) => onQueue(JSON.parse(event.data)));
  stream.addEventListener("line", (event) => addLines(event.data));
  stream.addEventListener("case", (event) => onCase(JSON.parse(event.data)));
  stream.addEventListener("signed-out", () => { stream.close(); stream = null; showTrouble(page.signedOut); });
  stream.addEventListener("error", () => {
    showTrouble(page.lost);
    if (stream && stream.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  });
}

const streaming = () => stream && stream.readyState === EventSource.OPEN;

// --- Where the focus goes when htmx has exchanged a part ---------------------------------------------------------------
let hadFocus = false;

document.addEventListener("htmx:beforeSwap", (event) => {
  hadFocus = event.detail.target.contains(document.activeElement);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.target.id;
  if (part === "composer") {
    find("#text")?.focus();
    catchUp();
  }
  if (part === "case" || part === "case-head") {
    setText(find("#case-say"), find("#case").dataset.say);
    if (hadFocus && document.activeElement === document.body) find("#case h1").focus();
    // Said while the page was on its way: it may be older than that.
    if (latest !== asked) onCase(latest);
  }
  if (part === "queue" && hadFocus && document.activeElement === document.body) find("#main").focus();
});

document.addEventListener("htmx:responseError", (event) => {
  showTrouble(event.detail.xhr.status === 401 ? page.signedOut : page.failed);
});
document.addEventListener("htmx:sendError", () => showTrouble(page.lost));

// --- Keys ---------------------------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("[data-composer]")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const group = event.target.closest("[data-keys]");
  const wanted = group && event.key.length === 1 && find(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`, group);
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
  wanted.click();
  if (wanted.type === "radio") nextGroup(group);
});

function nextGroup(group) {
  const next = group.nextElementSibling;
  if (next?.matches("[data-keys]")) find("input:checked", next)?.focus() ?? find("input", next).focus();
  else find("button.main", group.form)?.focus();
}

// At most so many of a group: one more is not taken.
document.addEventListener("change", (event) => {
  const group = event.target.closest("[data-most]");
  if (group && group.querySelectorAll("input:checked").length > Number(group.dataset.most)) event.target.checked = false;
});

document.documentElement.classList.add("script");
takeCode();
offerNotifications();
find("#alarm button")?.addEventListener("click", () => { find("#alarm").hidden = true; });
if (find("#talk")) toEnd();
listen();
setInterval(() => { if (!streaming()) catchUp().catch(() => {}); }, OFTEN);
