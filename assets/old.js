// What browsers of 2020 to 2022 lack of all that the pages ask for, and storage for those that refuse
// it; they alone load it (`head` in ui/design/look.py). Those that cannot read the scripts at all go to
// the plain pages.

(function () {
  // The framework takes over the elements of the head by their places, and would take this for its own.
  document.currentScript.parentNode.removeChild(document.currentScript);

  function add(to, name, made) {
    if (to && !to[name]) Object.defineProperty(to, name, { value: made, configurable: true, writable: true });
  }

  add(Object, "hasOwn", function (object, name) {
    return Object.prototype.hasOwnProperty.call(object, name);
  });
  add(String.prototype, "replaceAll", function (part, other) {
    return part instanceof RegExp ? this.replace(part, other) : this.split(part).join(other);
  });
  add(Array.prototype, "at", function (place) {
    return this[place < 0 ? this.length + place : place];
  });
  add(Array.prototype, "findLast", function (fits) {
    return this.slice().reverse().find(function (one) {
      return fits(one);
    });
  });
  add(window.AbortSignal, "timeout", function (milliseconds) {
    var controller = new AbortController();
    setTimeout(function () {
      controller.abort();
    }, milliseconds);
    return controller.signal;
  });
  add(HTMLFormElement.prototype, "requestSubmit", function (button) {
    if (button) return button.click();
    if (!this.reportValidity()) return;
    var event = new Event("submit", { bubbles: true, cancelable: true });
    if (this.dispatchEvent(event)) this.submit();
  });
  add(window, "requestIdleCallback", function (run) {
    return setTimeout(function () {
      run({
        didTimeout: false,
        timeRemaining: function () {
          return 0;
        },
      });
    }, 50);
  });

  // Where all cookies are blocked, and in some apps, storage lasts as long as the page.
  function Memory() {}
  Memory.prototype = Object.create(null, {
    length: {
      get: function () {
        return Object.keys(this).length;
      },
    },
    getItem: {
      value: function (name) {
        return Object.prototype.hasOwnProperty.call(this, name) ? this[name] : null;
      },
    },
    setItem: {
      value: function (name, value) {
        this[name] = String(value);
      },
    },
    removeItem: {
      value: function (name) {
        delete this[name];
      },
    },
    clear: {
      value: function () {
        Object.keys(this).forEach(this.removeItem, this);
      },
    },
  });
  ["localStorage", "sessionStorage"].forEach(function (name) {
    try {
      if (window[name].length >= 0) return;
    } catch (refused) {}
    Object.defineProperty(window, name, { value: new Memory(), configurable: true });
  });

  function toPlainPage() {
    location.replace("/plain/old/?at=" + encodeURIComponent(location.pathname + location.search));
  }

  if (!("noModule" in HTMLScriptElement.prototype)) toPlainPage();
  addEventListener("error", function (event) {
    if (event.error instanceof SyntaxError) toPlainPage();
  });
  addEventListener("unhandledrejection", function (event) {
    if (event.reason instanceof SyntaxError) toPlainPage();
  });
})();
