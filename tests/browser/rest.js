// Says when a page is at rest: all that it has asked of the server is answered, and what the answers drew stands.
//
// Streamlit's own mark (data-test-script-state) turns to "running" only once the server has begun, which a busy machine
// does long after a click. So this looks at what goes over the socket: each request for a run is owed a run that begins
// after it and ends. What asks by a clock (fragments that run every second) is nobody's request.
(() => {
  const RERUN = 11, FILE_URLS = 16, IS_AUTO = 6, NEW_SESSION = 4, FINISHED = 6, EARLY = 2; // fields of the messages
  const QUIET = 6, LONG = 30, LOST = 200; // looks without a word: usually, where requests were merged, where one was lost
  let asked = [], underWay = null, uploading = false, ended = false, looks = 0, asker = null;

  const number = (bytes, at) => {
    let value = 0, factor = 1, byte;
    do { byte = bytes[at++]; value += (byte & 127) * factor; factor *= 128; } while (byte & 128);
    return [value, at];
  };
  const fields = function* (bytes) { // of one protobuf message: a field's number and what it holds
    for (let at = 0, tag, held; at < bytes.length;) {
      [tag, at] = number(bytes, at);
      const kind = tag & 7;
      if (kind === 0) [held, at] = number(bytes, at);
      else {
        let length = kind === 1 ? 8 : 4;
        if (kind === 2) [length, at] = number(bytes, at);
        held = bytes.subarray(at, at + length);
        at += length;
      }
      yield [Math.floor(tag / 8), held];
    }
  };
  const sent = message => {
    for (const [field, held] of fields(message)) {
      if (field === FILE_URLS) uploading = true;
      if (field !== FILE_URLS && field !== RERUN) continue;
      const byClock = field === RERUN && [...fields(held)].some(([each, value]) => each === IS_AUTO && value);
      if (field === RERUN) asked.push(byClock);
      if (field === RERUN && !byClock) uploading = ended = false;
      if (!byClock) looks = 0;
    }
  };
  const received = message => {
    for (const [field, held] of fields(message)) {
      if (field === NEW_SESSION) { // the server may answer several requests in one run: then it is not the clock's
        underWay = { byClock: asked.length > 0 && asked.every(byClock => byClock) };
        asked.shift();
      }
      if (field === FINISHED && held !== EARLY) {
        if (!underWay?.byClock) looks = 0;
        [ended, underWay] = [true, null];
      }
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      [asked, underWay, uploading, ended, looks] = [[], null, false, false, 0];
      this.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) received(new Uint8Array(data));
      });
    }
    send(data) {
      if (ArrayBuffer.isView(data)) sent(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      super.send(data);
    }
  };

  const moves = () => document.getAnimations().some( // but for what turns for ever
    each => each.playState === 'running' && each.effect?.getComputedTiming().endTime < Infinity);
  window.isAtRest = who => { // asked again and again; a page that has no time for that is not at rest
    if (who !== asker) [asker, looks] = [who, 0]; // what was pressed just now may be on its way to the socket
    if (document.readyState !== 'complete' || moves()) return false;
    if (!document.getElementById('root')) return true; // a plain page, without Streamlit
    const app = document.querySelector('.stApp');
    if (app?.dataset.testConnectionState !== 'CONNECTED') return false;
    if (document.querySelector('[data-testid=stSkeleton]')) return false;
    const stands = ['notRunning', 'compilationError'].includes(app.dataset.testScriptState)
      && !document.querySelector('[data-stale=true]');
    if (underWay ? !underWay.byClock : !stands) return false; // on a busy machine a countdown's runs leave no gap
    looks += 1;
    if (!asked.some(byClock => !byClock) && !uploading) return ended && looks > QUIET;
    if (looks > (ended && !uploading ? LONG : LOST)) [asked, uploading, ended] = [[], false, true];
    return false;
  };
})();
