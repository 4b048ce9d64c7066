// Kaspa's chat on any page: <script src="https://kaspa.example/widget.js" defer></script>
// data-language="fi": the language to begin in (else the page's own). data-open: open at once, where there is room for both.
// Stores nothing, and asks the server for nothing until the chat is opened.
(() => {
  "use strict";

  const NAME = "kaspa-chat";
  const WORDS = {{ words | tojson }}; // language -> {open, close, title}
  const STYLE = `
    :host { all: initial; }
    [hidden] { display: none !important; }
    button, dialog { font: 1rem/1.5 system-ui, sans-serif; }
    button {
      position: fixed; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000;
      display: flex; align-items: center; gap: 0.5rem; max-inline-size: calc(100vw - 2rem); min-block-size: 3.25rem;
      padding: 0.5rem 1.25rem; cursor: pointer; text-align: start;
      color: #fff; background: #0b5480; border: 2px solid #fff; border-radius: 2rem;
      box-shadow: 0 0.25rem 1rem rgb(0 0 0 / 35%);
    }
    button:focus-visible { outline: 3px solid #0b5480; outline-offset: 2px; }
    svg { flex: none; inline-size: 1.5rem; block-size: 1.5rem; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    dialog {
      position: fixed; inset: auto; inset-block-end: 1rem; inset-inline-end: 1rem; z-index: 2147483000;
      inline-size: 25rem; max-inline-size: calc(100vw - 2rem); block-size: 42rem; max-block-size: calc(100vh - 2rem);
      margin: 0; padding: 0; overflow: hidden; background: #fff; border: 1px solid #73828d; border-radius: 0.75rem;
      box-shadow: 0 0.5rem 2rem rgb(0 0 0 / 35%);
    }
    iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; color-scheme: light dark; }
    @media (max-width: 40rem), (max-height: 30rem) {
      dialog {
        inset: 0; inline-size: 100%; max-inline-size: none;
        block-size: 100vh; block-size: var(--visible, 100dvh); max-block-size: none; border: 0; border-radius: 0;
      }
    }
    @media (prefers-color-scheme: dark) { dialog { background: #10181e; } }
    @media print { :host { display: none; } }`;

  const script = document.currentScript;
  const small = window.matchMedia("(max-width: 40rem), (max-height: 30rem)");
  const language = known(script.dataset.language) ?? known(document.documentElement.lang) ?? "en";
  const words = WORDS[language];

  function known(tag) {
    const code = (tag ?? "").toLowerCase().split("-")[0];
    return code in WORDS ? code : undefined;
  }

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function icon() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M4 4h16v12h-9l-5 4v-4H4zM8 8.5h8M8 11.5h5");
    svg.append(path);
    return svg;
  }

  /** A style sheet object, which a page's content security policy does not forbid; an element where there is none. */
  function dress(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(element("style", {}, STYLE));
    }
  }

  const launcher = element("button", { type: "button", lang: language, "aria-haspopup": "dialog" }, icon(), words.open);
  const frame = element("iframe", { title: words.title, lang: language, referrerpolicy: "no-referrer" });
  const dialog = element("dialog", { "aria-label": words.title, lang: language }, frame);

  function address() {
    const chat = new URL("chat?embed=1", script.src);
    chat.searchParams.set("language", language);
    return chat.href;
  }

  function load() {
    if (!frame.src) frame.src = address();
    launcher.hidden = true;
  }

  /** Where it fills the screen, nothing behind it can be reached; beside the page, both can. */
  function open() {
    load();
    if (small.matches) dialog.showModal();
    else dialog.show();
    frame.focus();
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  function closed() {
    launcher.hidden = false;
    launcher.focus();
  }

  function told(event) {
    if (event.source === frame.contentWindow && event.origin === new URL(script.src).origin && event.data === "kaspa:close") close();
  }

  function pressed(event) {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  }

  /** Safari lays its keyboard over the page instead of making room for it. */
  function fitKeyboard() {
    const { height, scale } = window.visualViewport;
    if (scale < 1.01) dialog.style.setProperty("--visible", `${height}px`);
  }

  function begin() {
    if (document.querySelector(NAME)) return; // the script tag stands on the page twice
    const host = document.createElement(NAME);
    const root = host.attachShadow({ mode: "open" });
    dress(root);
    root.append(launcher, dialog);
    document.body.append(host);
    launcher.addEventListener("click", open);
    dialog.addEventListener("close", closed);
    document.addEventListener("keydown", pressed);
    window.addEventListener("message", told);
    window.visualViewport?.addEventListener("resize", fitKeyboard);
    if (!("open" in script.dataset) || small.matches) return;
    load();
    dialog.setAttribute("open", ""); // show() would take the focus from the page
  }

  begin();
})();
