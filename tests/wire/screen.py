"""What a browser's tab knows of a running script: the messages that came, and the widgets that it may send back.

Without any socket: ``Tab`` in ``client.py`` feeds it, and so may a driver of many visitors at once.
"""

from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

VALUES = {
    "button": "trigger_value",
    "download_button": "trigger_value",
    "checkbox": "bool_value",
    "number_input": "double_value",
    "radio": "string_value",
    "selectbox": "string_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "data_editor": "string_value",
    "button_group": "string_array_value",
    "multiselect": "string_array_value",
    "date_input": "string_array_value",
    "file_uploader": "file_uploader_state_value",
}
"""Which field of a widget's state carries the value that a browser sends, by kind of element."""

OPENED = ("expandable", "popover")
VALUES |= dict.fromkeys(OPENED, "bool_value")

FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True, slots=True)
class Widget:
    """One widget on the page. ``fragment`` is the id of the fragment it stands in, "" outside of any."""

    id: str
    kind: str
    label: str
    key: str
    options: tuple[str, ...]
    disabled: bool
    fragment: str
    element: Message


@dataclass
class Screen:
    """Everything that a server has sent to one tab, and what the tab would send with its next run."""

    page: str = ""
    query: str = ""
    session_id: str = ""
    page_hash: str = ""
    frames: list[bytes] = field(default_factory=list)
    widgets: dict[str, Widget] = field(default_factory=dict)
    states: dict[str, WidgetState] = field(default_factory=dict)
    cached: dict[str, ForwardMsg] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    links: list[Any] = field(default_factory=list)

    def absorb(self, frame: bytes) -> ForwardMsg:
        """Takes in one message of the server's, and returns it."""
        self.frames.append(frame)
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message = self.cached[message.ref_hash]
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable:
            self.cached[message.hash] = message
        if kind == "new_session":
            self._begin(message)
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash or self.page_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "script_finished" and message.script_finished in FINISHED:
            # As a browser does: what is no longer on the page keeps no value, or it would come back to life.
            self.states = {name: kept for name, kept in self.states.items() if name in self.widgets}
        elif kind == "delta":
            self._draw(message)
        return message

    def _begin(self, message: ForwardMsg) -> None:
        self.session_id = message.new_session.initialize.session_id
        self.page_hash = message.new_session.page_script_hash
        anew = set(message.metadata.run.fragment_ids)  # none: the whole page; what is not drawn again is gone
        self.links = self.links if anew else []
        self.widgets = {k: w for k, w in self.widgets.items() if anew and w.fragment not in anew}

    def _draw(self, message: ForwardMsg) -> None:
        if message.delta.WhichOneof("type") == "add_block":
            self._open(message)
            return
        element = message.delta.new_element
        kind = element.WhichOneof("type") or ""
        drawn = getattr(element, kind, None)
        if kind == "exception":
            self.errors.append(f"{drawn.type}: {drawn.message}")  # type: ignore[union-attr]
        elif kind == "page_link":
            self.links.append(drawn)
        elif drawn is not None and getattr(drawn, "id", ""):
            widget = _widget(kind, drawn, message.delta.fragment_id)
            self.widgets[widget.id] = widget

    def _open(self, message: ForwardMsg) -> None:
        """Notes a part of the page that can be opened and tells the script so."""
        block = message.delta.add_block
        kind = block.WhichOneof("type") or ""
        part = getattr(block, kind, None)
        if kind in OPENED and getattr(part, "id", ""):
            widget = _widget(kind, part, message.delta.fragment_id)
            self.widgets[widget.id] = widget

    def rerun(self, fragment: str = "") -> bytes:
        """The message that asks for a run of the whole script, or of one fragment. Presses of buttons go out once."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self.page_hash
        if not self.page_hash:
            asked.page_name = self.page
        asked.fragment_id = fragment
        asked.cached_message_hashes.extend(self.cached)
        asked.widget_states.widgets.extend(self.states.values())
        asked.context_info.timezone, asked.context_info.locale = "America/Chicago", "en-US"
        asked.context_info.color_scheme = "light"
        asked.context_info.url = f"http://localhost/{self.page}"
        self.states = {k: s for k, s in self.states.items() if s.WhichOneof("value") != "trigger_value"}
        return message.SerializeToString()

    def put(self, widget: Widget, value: Any) -> None:
        """Sets what the tab will send for a widget; the widget's own options and its being disabled are not asked."""
        self.states[widget.id] = state(widget.id, VALUES[widget.kind], value)

    def find(self, kind: str = "", label: str = "", key: str = "") -> list[Widget]:
        """The widgets on the page of this kind, with this label, and whose key begins so, in the order of drawing."""
        return [
            w
            for w in self.widgets.values()
            if (not kind or w.kind == kind) and (not label or w.label == label) and (not key or w.key.startswith(key))
        ]

    def one(self, kind: str = "", label: str = "", key: str = "") -> Widget:
        """The first of them; AssertionError, with what there is, where there is none."""
        found = self.find(kind, label, key)
        there = [(w.kind, w.label, w.key) for w in self.widgets.values()]
        assert found, f"There is no {kind} “{label}” {key} among {there}."
        return found[0]

    @property
    def received(self) -> bytes:
        """All frames so far, one after another."""
        return b"\n".join(self.frames)

    @property
    def text(self) -> str:
        """The readable part of all frames."""
        return self.received.decode("utf-8", errors="replace")


def state(widget_id: str, field_name: str, value: Any) -> WidgetState:
    """One widget's state; ``field_name`` is one of the fields of ``VALUES``."""
    made = WidgetState(id=widget_id)
    if field_name == "string_array_value":
        made.string_array_value.data.extend(value)
    elif field_name == "file_uploader_state_value":
        made.file_uploader_state_value.CopyFrom(value)
    else:
        setattr(made, field_name, value)
    return made


def _widget(kind: str, drawn: Any, fragment: str) -> Widget:
    if kind == "dataframe":
        kind = "data_editor"
    options = tuple(getattr(each, "content", each) for each in getattr(drawn, "options", ()))
    parts = drawn.id.split("-", 2)  # "$$ID", a hash, and the key that the script gave, or "None"
    key = parts[2] if len(parts) == 3 and parts[2] != "None" else ""
    label, disabled = getattr(drawn, "label", ""), bool(getattr(drawn, "disabled", False))
    return Widget(drawn.id, kind, label, key, options, disabled, fragment, drawn)
