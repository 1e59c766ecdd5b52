// A recording is heard by the browser before it is sent: one in which nobody speaks is refused here with
// its sentence. What a compressed file holds the server cannot hear; its own checks come after this one.
const words = document.getElementById("sound-words").dataset;
const WINDOW = 0.02; // seconds
const QUIET = 0.01; // of the loudest there can be: a room in which nobody speaks
const LEAST = 0.06; // seconds that have to be louder

// Seconds that are louder than a quiet room, in the loudest of the channels.
function spoken(sound) {
  const size = Math.max(1, Math.round(sound.sampleRate * WINDOW));
  let longest = 0;
  for (let channel = 0; channel < sound.numberOfChannels; channel++) {
    const samples = sound.getChannelData(channel);
    let loud = 0;
    for (let at = 0; at + size <= samples.length; at += size) {
      let power = 0;
      for (let one = at; one < at + size; one++) power += samples[one] ** 2;
      if (Math.sqrt(power / size) > QUIET) loud++;
    }
    longest = Math.max(longest, loud * WINDOW);
  }
  return longest;
}

// The sentence of what is wrong with it, or nothing.
async function wrong(file) {
  const Decoder = window.OfflineAudioContext ?? window.webkitOfflineAudioContext;
  if (!Decoder || !file) return "";
  let sound;
  try {
    const bytes = await file.arrayBuffer();
    const decoder = new Decoder(1, 1, 44100);
    sound = await decoder.decodeAudioData(bytes);
  } catch {
    return words.kind;
  }
  return spoken(sound) < LEAST ? words.silent : "";
}

function show(form, input, sentence) {
  let line = form.querySelector(".error");
  if (!line) {
    line = document.createElement("p");
    line.className = "error";
    line.id = `error-${form.action.split("/").pop()}`;
    line.setAttribute("role", "alert");
    input.closest("div").after(line);
  }
  line.textContent = sentence;
  input.setAttribute("aria-invalid", sentence ? "true" : "false");
  input.setAttribute("aria-describedby", line.id);
  if (sentence) input.focus();
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const input = form.querySelector("input[type=file][name=sound]");
  if (!input) return;
  event.preventDefault();
  if (form.dataset.heard) return; // a second press while the first is looked at
  form.dataset.heard = "now";
  const sentence = await wrong(input.files[0]);
  delete form.dataset.heard;
  if (!sentence) return form.submit();
  show(form, input, sentence);
});
