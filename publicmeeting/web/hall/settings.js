// Decodes a recording before it is sent, and refuses one in which nobody speaks. The server does not
// decode compressed files; its own checks follow this one.
const words = document.getElementById("sound-words").dataset;
const WINDOW = 0.02; // seconds
const QUIET = 0.01; // share of full scale: a room in which nobody speaks
const LEAST = 0.06; // minimum seconds above QUIET

// Return the seconds that are louder than a quiet room, in the loudest channel.
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

// Return the sentence of a refusal, or an empty text.
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
  if (form.dataset.heard) return; // pressed again while the first press is being handled
  form.dataset.heard = "now";
  const sentence = await wrong(input.files[0]);
  delete form.dataset.heard;
  if (!sentence) return form.submit();
  show(form, input, sentence);
});
