// Runs before every page's own scripts: logs what goes to the kernel, and which of the widget's
// listeners and observers are alive. The widget's code is known by the URL it is loaded from.
(() => {
  // Jupyter's binary wire format v1: n offsets as uint64, then the parts; the second is the header
  const messageType = (data) => {
    try {
      if (typeof data === "string") return JSON.parse(data).header?.msg_type;
      const bytes = data instanceof ArrayBuffer ? data : data.buffer;
      const view = new DataView(bytes);
      const offset = (i) => Number(view.getBigUint64(8 * (i + 1), true));
      return JSON.parse(new TextDecoder().decode(bytes.slice(offset(1), offset(2)))).msg_type;
    } catch {
      return "unknown";
    }
  };
  window.__sent = [];
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    send(data) {
      if (this.url.includes("/api/kernels/")) window.__sent.push(messageType(data));
      super.send(data);
    }
  };

  const ofWidget = () => /(blob:|data:text\/javascript)/.test(new Error().stack ?? "");
  const alive = new Map();
  const key = (target, type, listener) => {
    for (const [entry, id] of alive)
      if (entry.target === target && entry.type === type && entry.listener === listener) return entry;
    return null;
  };
  const add = EventTarget.prototype.addEventListener;
  const remove = EventTarget.prototype.removeEventListener;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    if (ofWidget() && !(this instanceof AbortSignal)) {
      const entry = { target: this, type, listener };
      alive.set(entry, true);
      const signal = typeof options === "object" ? options?.signal : null;
      if (signal) add.call(signal, "abort", () => alive.delete(entry), { once: true });
    }
    return add.call(this, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const entry = key(this, type, listener);
    if (entry) alive.delete(entry);
    return remove.call(this, type, listener, options);
  };
  for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
    const Observer = window[name];
    window[name] = class extends Observer {
      observe(...args) {
        if (ofWidget()) alive.set(this, name);
        return super.observe(...args);
      }
      disconnect() {
        alive.delete(this);
        super.disconnect();
      }
    };
  }
  window.__alive = () =>
    [...alive].map(([entry, name]) => (name === true ? entry.type : name)).sort();
})();
