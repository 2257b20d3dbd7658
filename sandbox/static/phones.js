// Times in the list, in the reader's own clock.
const today = new Date().toDateString();
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  const options = at.toDateString() === today
    ? { hour: "2-digit", minute: "2-digit" }
    : { day: "2-digit", month: "2-digit" };
  time.textContent = at.toLocaleString("pt-BR", options);
}
