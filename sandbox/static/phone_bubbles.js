// What a bubble on the telephone holds: words, files, polls, a quote; and what can be done with it.
const EMOJI = ["👍", "❤️", "😂", "😮", "🙏"];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function file(message) {
  const { url, type, name } = message.file;
  if (["image", "sticker"].includes(message.kind)) {
    const image = element("img", `media ${message.kind}`);
    image.src = url;
    image.alt = message.kind === "sticker" ? "Figurinha" : "Imagem";
    return image;
  }
  if (["audio", "video"].includes(message.kind)) {
    const player = element(message.kind, "media");
    player.controls = true;
    player.preload = "none";
    player.src = url;
    player.setAttribute("aria-label", type);
    return player;
  }
  const link = element("a", "media", name);
  link.href = url;
  link.download = name;
  return link;
}

export function content(message, quoted) {
  if (message.deleted) return [element("div", "words", "Mensagem apagada")];
  const parts = [];
  if (quoted) parts.push(element("div", "quoted", quoted.text));
  if (message.file) parts.push(file(message));
  const words = message.file ? message.text.replace(/^\[[^\]]*\]\s*/, "") : message.text || "[mensagem vazia]";
  if (words) parts.push(element("div", "words", words));
  for (const option of message.options || []) {
    const chosen = (message.voted || []).includes(option);
    parts.push(element("div", "option", `${chosen ? "●" : "○"} ${option}`));
  }
  return parts;
}

export function menuOf(message, acts) {
  const menu = element("details", "menu");
  const head = element("summary", "", "⋯");
  head.setAttribute("aria-label", "O que fazer com esta mensagem");
  const list = element("div", "menu-list");
  const add = (label, act, name) => {
    const button = element("button", "", label);
    button.type = "button";
    if (name) button.setAttribute("aria-label", name);
    button.addEventListener("click", () => { menu.open = false; act(); });
    list.append(button);
  };
  add("Responder", () => acts.answer(message));
  for (const emoji of EMOJI) add(emoji, () => acts.react(message, emoji), `Reagir com ${emoji}`);
  if (message.customer_reaction) add("Tirar a reação", () => acts.react(message, ""));
  if (message.from === "customer") {
    if (message.kind === "text") add("Editar", () => acts.edit(message));
    add("Apagar para todos", () => acts.revoke(message));
  }
  for (const option of message.options || []) add(`Votar: ${option}`, () => acts.vote(message, option));
  menu.append(head, list);
  return menu;
}
