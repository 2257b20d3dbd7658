// Calling colleagues by "@" in a note.
(() => {
  "use strict";
  const { completion, composer, me } = window.guiche;
  const KEEP = 30000;
  let known = { url: "", at: 0, people: [] };

  async function load(form) {
    const url = form.dataset.mentionable;
    if (known.url === url && Date.now() - known.at < KEEP) return;
    known = { url, at: Date.now(), people: known.url === url ? known.people : [] };
    const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) { known.at = 0; return; }
    known.people = await answer.json();
    const now = composer.current();
    if (now && document.activeElement === now.field) completion.look(now.field);
  }

  function find(query, form) {
    load(form);
    return known.people
      .filter(({ name }) => completion.plain(name).split(" ").some((word, at, words) => words.slice(at).join(" ").startsWith(query)))
      .slice(0, 8).map((person) => ({ ...person, title: person.name, hint: person.state }));
  }

  const usedOf = (form) => form.querySelector("input[name=mencoes]");
  function choose(person, field, from, to) {
    composer.insert(field, `@${person.name} `, from, to);
    const used = usedOf(field.form);
    used.value = [...new Set([...used.value.split(",").filter(Boolean), String(person.id)])].join(",");
  }

  const words = document.getElementById("quick-reply-words")?.dataset;
  if (words) completion.register({ sign: "@", spaces: true, works: (form) => composer.isNote(form), find, choose, words: { label: words.colleagues, none: "" } });

  document.addEventListener("guiche:cleared", (event) => { usedOf(event.target).value = ""; });
  document.addEventListener("guiche:returned", (event) => { usedOf(event.target).value = event.detail.mencoes || ""; });
  const follow = () => {
    for (const chip of document.querySelectorAll("[data-mentions]")) chip.classList.toggle("is-me", chip.dataset.mentions === me);
    const now = composer.current();
    const button = now?.composer.querySelector("[data-completes='@']");
    if (button) button.hidden = !now.note;
  };
  document.addEventListener("change", (event) => { if (event.target.name === "tipo") follow(); });
  document.addEventListener("guiche:settled", follow);
  follow();
})();
