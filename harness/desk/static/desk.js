// Says that something has happened since the page was made. Everything works without this.
"use strict";

const told = document.querySelector(".fresh");

async function watch(after) {
  for (;;) {
    const answer = await fetch(`/desk/news?after=${after}&about=${encodeURIComponent(told.dataset.about)}`);
    if (!answer.ok) return;
    const news = await answer.json();
    after = news.last;
    if (news.happened && told.hidden) say();
  }
}

function say() {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = "Show it";
  told.append("Something has happened since this page was made. ", link);
  told.hidden = false;
}

if (told) watch(Number(told.dataset.after)).catch(() => {});
