/* The screen of a hall, for a television that nobody touches: it polls for news, shows and speaks
   one call after the other, and shows when its news is stale. ES5, because televisions have old
   browsers. The server sends finished texts; the script decides only the order of calls and the age. */
(function () {
  "use strict";

  var LEAST = 8000;
  var QUIET = 15000;
  var SILENT = 60000;
  var PATIENCE = 20000;
  var AGAIN = [500, 1000, 2000, 4000];
  var FRESH = 180000;
  var LONGEST_CLIP = 12000;
  var BEFORE_MOST = 4;
  var CODE_STAYS = 15000;
  var NIGHT = 3;
  var HOUR = 3600000;
  var TEHRAN = 3.5 * HOUR;
  var NOTHING = "{}"; // the city's own answer to a key that is none any more

  var root = document.getElementById("hall");
  if (!root) {
    openByAddress();
    return;
  }
  var address = root.getAttribute("data-address");
  var build = root.getAttribute("data-build");
  var words = JSON.parse(root.getAttribute("data-words"));
  var first = JSON.parse(root.getAttribute("data-first"));
  var isSample = root.getAttribute("data-sample") === "yes";

  var news = first.news;
  var mark = first.mark;
  var newsAt = steady();
  var begunAt = newsAt;
  var cityAt = news.now;
  var failures = 0;
  var waiting = [];
  var current = null;
  var currentSince = 0;
  var isSpeaking = false;
  var isMute = false;
  var wantsReload = false;
  var qrWaits = 0;
  var seen = remembered("hall-seen");
  var lateSpoken = remembered("hall-late") || [];

  function openByAddress() {
    var form = document.getElementById("open");
    var key = location.hash.replace(/\D/g, "");
    if (!form || !key) return;
    document.getElementById("key").value = key;
    // Remove the key from the visible address and from the browser's history.
    if (window.history && history.replaceState) {
      history.replaceState(null, "", location.pathname);
    }
    form.submit();
  }

  function steady() {
    return window.performance && performance.now ? performance.now() : Date.now();
  }

  function cityNow() {
    return cityAt + (steady() - newsAt);
  }

  function by(id) {
    return document.getElementById(id);
  }

  function remembered(name) {
    try {
      return JSON.parse(sessionStorage.getItem(name));
    } catch (_none) {
      return null;
    }
  }

  function remember(name, value) {
    try {
      sessionStorage.setItem(name, JSON.stringify(value));
    } catch (_full) {
      // Without the stored value, a reload repeats only calls of the last moments.
    }
  }

  // Texts

  function write(id, text) {
    var element = by(id);
    if (element.textContent !== text) element.textContent = text;
    element.hidden = !text;
  }

  function persian(text) {
    return String(text).replace(/\d/g, function (digit) {
      return String.fromCharCode(0x06f0 + Number(digit));
    });
  }

  function clockOf(milliseconds) {
    var minutes = Math.floor((milliseconds + TEHRAN) / 60000) % 1440;
    var minute = minutes % 60;
    return persian(Math.floor(minutes / 60) + ":" + (minute < 10 ? "0" : "") + minute);
  }

  function cells(element, text) {
    if (element.getAttribute("data-text") === text) return;
    element.setAttribute("data-text", text);
    element.textContent = "";
    for (var at = 0; at < text.length; at += 1) {
      var cell = document.createElement("i");
      if (text.charAt(at) === ":") cell.className = "colon";
      cell.textContent = text.charAt(at);
      element.appendChild(cell);
    }
  }

  function tiles(id, list) {
    var drawn = JSON.stringify(list);
    var element = by(id);
    if (element.getAttribute("data-drawn") === drawn) return;
    element.setAttribute("data-drawn", drawn);
    element.textContent = "";
    list.forEach(function (one) {
      var item = document.createElement("li");
      var number = document.createElement("b");
      if (one.isAway) item.className = "is-away";
      number.textContent = one.number;
      item.appendChild(number);
      if (one.time) item.appendChild(document.createTextNode(one.time));
      element.appendChild(item);
    });
  }

  function number(text, key, isAgain) {
    var tile = by("number");
    if (tile.getAttribute("data-key") === key) return;
    tile.setAttribute("data-key", key);
    tile.textContent = "";
    var kind = "number" + (text.length > 1 ? " is-long" : "") + (text ? "" : " is-empty");
    tile.className = kind;
    if (!text) return;
    var span = document.createElement("span");
    span.textContent = text;
    tile.appendChild(span);
    if (isAgain) {
      void tile.offsetWidth; // restarts the pulse
      tile.className = kind + " is-again";
    }
  }

  // Content

  function lastCall() {
    return news.calls.length ? news.calls[news.calls.length - 1] : null;
  }

  function shownNow(isStale) {
    if (current) return current;
    var last = lastCall();
    if (!isStale) return news.shown;
    if (!last) return { number: "", title: news.shown.title, where: "" };
    var title = words.calledAt.replace("{number}", last.number).replace("{time}", last.time);
    return { number: last.number, title: title, where: "" };
  }

  function draw() {
    var age = steady() - newsAt;
    var isStale = age >= SILENT;
    var shown = shownNow(isStale);
    var isQuiet = age >= QUIET;
    root.className =
      "hall" + (isStale ? " is-stale" : "") + (isQuiet ? " is-quiet" : "") + (isMute ? " is-mute" : "");
    number(shown.number, current ? "call " + current.id : shown.number, Boolean(current && current.nth));
    by("number").hidden = !shown.number && !news.seats.length; // no number will come today
    write("title", shown.title);
    write("where", shown.where);
    write("nth", current && current.nth ? current.nth : "");
    write("unit", news.unit);
    write("presence", news.presence);
    write("date", news.date);
    write("late", news.late);
    write("summary", news.summary);
    write("absent", news.absent);
    cells(by("clock"), clockOf(cityNow()));
    drawLists(shown.number);
    drawCode();
    drawSeats();
    by("silent").hidden = !isQuiet;
    write("silent-since", words.silent.replace("{time}", clockOf(cityAt)));
    by("mute").hidden = !isMute;
  }

  function drawLists(shownNumber) {
    var before = [];
    for (var at = news.calls.length - 1; at >= 0 && before.length < BEFORE_MOST; at -= 1) {
      var call = news.calls[at];
      var isKnown = before.some(isOf(call.number));
      if (!isKnown && call.number !== shownNumber && !isWaiting(call.id)) {
        before.push({ number: call.number, time: call.time });
      }
    }
    tiles("before", before);
    by("before-box").hidden = !before.length;
    var next = news.next.map(function (one) {
      return { number: one.number, isAway: !one.here };
    });
    tiles("next", next);
    by("next-box").hidden = !next.length;
  }

  function isOf(wanted) {
    return function (one) {
      return one.number === wanted;
    };
  }

  function isWaiting(id) {
    return waiting.some(function (one) {
      return one.id === id;
    });
  }

  function drawCode() {
    var code = news.code;
    var isShown = Boolean(code) && cityNow() < code.until + CODE_STAYS;
    by("code").hidden = !isShown;
    if (!isShown) return;
    cells(by("digits"), code.digits);
    by("digits-text").textContent = code.digits;
    write("code-lead", code.lead);
    var picture = by("code-qr");
    if (steady() < qrWaits || picture.getAttribute("src") === code.qr) return;
    picture.setAttribute("src", code.qr);
  }

  /* A browser asks for a picture once; without another try the code would have none until it changes. */
  function loseQr() {
    qrWaits = steady() + LEAST;
    by("code-qr").removeAttribute("src");
  }

  function drawSeats() {
    var element = by("seats");
    var drawn = news.seats.join();
    if (element.getAttribute("data-drawn") === drawn) return;
    element.setAttribute("data-drawn", drawn);
    element.textContent = "";
    news.seats.forEach(function (kind) {
      var seat = document.createElement("i");
      seat.className = "is-" + kind;
      element.appendChild(seat);
    });
  }

  // Calls, one after the other

  function takeCalls() {
    var now = cityNow();
    var isFirst = !seen;
    seen = seen || [];
    news.calls.forEach(function (call) {
      if (seen.indexOf(call.id) >= 0) return;
      seen.push(call.id);
      if (now - call.at < (isFirst ? LEAST : FRESH)) waiting.push(call);
    });
    seen = seen.slice(-100);
    remember("hall-seen", seen);
  }

  function step() {
    if (current && !isSpeaking && steady() - currentSince >= LEAST) current = null;
    if (!current && waiting.length) begin(waiting.shift());
    if (!current && wantsReload) reload();
    draw();
  }

  function begin(call) {
    current = call;
    currentSince = steady();
    by("live").textContent = call.says;
    isSpeaking = true;
    speak(withLateness(call.clips), function () {
      isSpeaking = false;
    });
  }

  function withLateness(clips) {
    var late = news.late_clip;
    if (!clips.length || !late || lateSpoken.indexOf(late) >= 0) return clips;
    lateSpoken = lateSpoken.concat([late]);
    remember("hall-late", lateSpoken);
    return clips.concat([late]);
  }

  // Voice

  var voice = by("voice");
  var form = voice.canPlayType('audio/ogg; codecs="opus"') ? ".opus" : ".mp3";
  var held = {};
  var isFetching = false;
  var AudioContextOf = window.AudioContext || window.webkitAudioContext;
  var sounding = null;

  function clipAddress(clip) {
    return news.clips[clip] || "/voice/" + clip + form;
  }

  /* Load every clip into memory before it is needed, so that no call waits for the network. */
  function fetchClips() {
    var wanted = words.clips.filter(function (clip) {
      return !held[clipAddress(clip)];
    });
    if (isFetching || !wanted.length || !window.URL || !URL.createObjectURL) return;
    isFetching = true;
    var where = clipAddress(wanted[0]);
    var asked = new XMLHttpRequest();
    asked.open("GET", where);
    asked.responseType = "blob";
    asked.timeout = PATIENCE;
    asked.onloadend = function () {
      if (asked.status === 200 && asked.response) {
        held[where] = URL.createObjectURL(asked.response);
        fetchOn();
      } else {
        setTimeout(fetchOn, SILENT);
      }
    };
    asked.send();
  }

  function fetchOn() {
    isFetching = false;
    fetchClips();
  }

  function speak(clips, done) {
    chime();
    var left = clips.slice();
    var hasFailed = !clips.length;
    var timer = setTimeout(next, 900);

    function next() {
      clearTimeout(timer);
      voice.onended = voice.onerror = null;
      if (!left.length || isMute) {
        if (hasFailed && !isMute) chime();
        setTimeout(done, hasFailed ? 900 : 0);
        return;
      }
      var clip = left.shift();
      timer = setTimeout(failed, LONGEST_CLIP);
      voice.onended = next;
      voice.onerror = failed;
      play(clip, failed);
    }

    function failed() {
      hasFailed = true;
      next();
    }
  }

  function play(clip, failed) {
    var where = clipAddress(clip);
    voice.src = held[where] || where;
    voice.volume = 1;
    var playing = voice.play();
    if (!playing || !playing.then) return;
    playing.then(null, function (why) {
      if (why && why.name === "AbortError") return;
      if (why && why.name === "NotAllowedError") isMute = true;
      failed();
    });
  }

  function chime() {
    try {
      sounding = sounding || (AudioContextOf && new AudioContextOf());
      if (!sounding) return;
      if (sounding.state === "suspended") sounding.resume();
      tone(659, 0);
      tone(523, 0.28);
    } catch (_none) {
      sounding = null;
    }
  }

  function tone(hertz, after) {
    var at = sounding.currentTime + after;
    var wave = sounding.createOscillator();
    var loud = sounding.createGain();
    wave.frequency.value = hertz;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.linearRampToValueAtTime(0.35, at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.55);
    wave.connect(loud);
    loud.connect(sounding.destination);
    wave.start(at);
    wave.stop(at + 0.6);
  }

  /* Only trying shows whether the browser lets this page play sound. */
  function tryQuietly() {
    voice.src = clipAddress("ready");
    voice.volume = 0;
    var playing = voice.play();
    if (!playing || !playing.then) return;
    playing.then(
      function () {
        voice.pause();
        isMute = false;
      },
      function (why) {
        isMute = Boolean(why) && why.name === "NotAllowedError";
        draw();
      }
    );
  }

  function unlock() {
    if (!isMute) return;
    isMute = false;
    isSpeaking = true;
    speak(["ready"], function () {
      isSpeaking = false;
    });
    draw();
  }

  // News

  function ask() {
    var asked = new XMLHttpRequest();
    asked.open("GET", address + "news?after=" + mark);
    asked.timeout = PATIENCE;
    asked.onload = function () {
      if (asked.status === 200 && isTaken(asked.responseText)) {
        setTimeout(ask, 50);
      } else if (asked.status === 403 && asked.responseText === NOTHING) {
        location.reload();
      } else {
        askLater();
      }
    };
    asked.onerror = asked.ontimeout = askLater;
    asked.send();
  }

  function askLater() {
    var pause = AGAIN[Math.min(failures, AGAIN.length - 1)];
    failures += 1;
    setTimeout(ask, pause);
  }

  /* A network's own page may come in place of the news, with any status. */
  function isTaken(text) {
    try {
      take(JSON.parse(text));
      return true;
    } catch (_strange) {
      return false;
    }
  }

  function take(answer) {
    failures = 0;
    newsAt = steady();
    cityAt = answer.now;
    if (answer.build !== build) wantsReload = true;
    if (answer.news) {
      news = answer.news;
      mark = answer.mark;
      takeCalls();
      fetchClips();
    }
    step();
  }

  /* Reload only if the server answers: a browser's error page would stay on the wall all day. */
  function reload() {
    wantsReload = false;
    var asked = new XMLHttpRequest();
    asked.open("GET", location.pathname);
    asked.timeout = PATIENCE;
    asked.onload = function () {
      var isScreen = asked.status === 200 && asked.responseText.indexOf("data-first" + "=") >= 0;
      if (isScreen) location.reload();
    };
    asked.send();
  }

  function reloadByNight() {
    var hour = Math.floor((cityNow() + TEHRAN) / HOUR) % 24;
    var isOld = steady() - begunAt > 6 * HOUR;
    if (isOld && hour === NIGHT && steady() - newsAt < QUIET) {
      begunAt = steady();
      wantsReload = true;
    }
  }

  function stayAwake() {
    if (navigator.wakeLock && document.visibilityState === "visible") {
      navigator.wakeLock.request("screen").then(null, function () {});
    }
  }

  function scale() {
    var isTelephone = window.innerWidth <= 700;
    var unit = Math.min(window.innerWidth / 19.2, window.innerHeight / 10.8);
    document.documentElement.style.fontSize = isTelephone ? "" : unit + "px";
  }

  scale();
  window.addEventListener("resize", scale);
  if (isSample) {
    newsAt = steady() - Number(root.getAttribute("data-age"));
    cityAt = news.now - Number(root.getAttribute("data-age"));
    isMute = root.getAttribute("data-mute") === "yes";
    var called = root.getAttribute("data-called");
    news.calls.forEach(function (call) {
      if (String(call.id) === called) current = call;
    });
    draw();
    return;
  }
  if (location.hash && window.history && history.replaceState) {
    history.replaceState(null, "", location.pathname);
  }
  takeCalls();
  by("code-qr").onerror = loseQr;
  by("code-qr").removeAttribute("src"); // it may have been lost before this script ran
  tryQuietly();
  fetchClips();
  stayAwake();
  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("click", unlock);
  document.addEventListener("keydown", unlock);
  setInterval(step, 250);
  setInterval(reloadByNight, 60000);
  step();
  ask();
})();
