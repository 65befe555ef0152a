const paper = document.getElementById("paper"), state = document.getElementById("state");
const news = new EventSource("events");
news.onmessage = (event) => {
  const { findings, again } = JSON.parse(event.data);
  document.getElementById("count").textContent = `（${findings}件）`;
  if (again) {
    paper.contentWindow.location.reload();
    state.textContent = `${new Date().toLocaleTimeString("ja-JP")} に新しくしました`;
  } else state.textContent = "";
};
news.onerror = () => { state.textContent = "止まっています（strategy preview をもう一度実行してください）"; };
