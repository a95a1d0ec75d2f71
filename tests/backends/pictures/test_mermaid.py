from __future__ import annotations

from specc.backends.pictures.mermaid import mermaid
from specc.backends.pictures.options import Options
from tests.support.graphs import NASTY, Item, blocks, branches, siamese, translator, typed

BRANCHES = """\
%% branches: functional, 4 layers, 162 params
flowchart TB
  n0(["<b>x</b> Input"]):::input
  n1("<b>hidden</b> Dense<br/>10 units, relu<br/>40 params"):::dense
  n2("<b>y1</b> Dense<br/>1 unit<br/>11 params"):::dense
  n3("<b>branch</b> Dense<br/>10 units<br/>100 params"):::dense
  n4("<b>y2</b> Dense<br/>1 unit<br/>11 params"):::dense
  n5(["<b>price</b> output"]):::output
  n6(["<b>y2</b> output"]):::output
  n0 -->|"(None, 3)"| n1
  n1 -->|"(None, 10)"| n2
  n1 -->|"(None, 10)"| n3
  n3 -->|"(None, 10)"| n4
  n2 -->|"(None, 1)"| n5
  n4 -->|"(None, 1)"| n6
  classDef dense fill:#fdebc8,stroke:#b7791f,color:#1e293b
  classDef input fill:#166534,stroke:#166534,color:#ffffff
  classDef output fill:#3730a3,stroke:#3730a3,color:#ffffff
"""

BLOCKS = """\
%% blocks: functional, 3 layers, 104 params
flowchart LR
  n0(["<b>x</b> Input"]):::input
  subgraph c0["stage1 block 104 params"]
    subgraph c1["inner block 104 params"]
      n1("<b>dense</b> Dense<br/>8 units<br/>72 params"):::dense
      n2("<b>norm</b> BatchNormalization<br/>32 params"):::norm
    end
    n3("<b>sum</b> Add"):::merge
  end
  n4(["<b>stage1.sum</b> output"]):::output
  n0 -->|"(None, 8)"| n1
  n1 -->|"(None, 8)"| n2
  n2 -->|"(None, 8)"| n3
  n0 -->|"(None, 8)"| n3
  n3 -->|"(None, 8)"| n4
  classDef dense fill:#fdebc8,stroke:#b7791f,color:#1e293b
  classDef norm fill:#d9f2e1,stroke:#3d8b5f,color:#1e293b
  classDef merge fill:#eadff9,stroke:#7c58b8,color:#1e293b
  classDef input fill:#166534,stroke:#166534,color:#ffffff
  classDef output fill:#3730a3,stroke:#3730a3,color:#ffffff
  style c0 fill:#f8fafc,stroke:#94a3b8,color:#1e293b
  style c1 fill:#eef2f7,stroke:#94a3b8,color:#1e293b
"""

FOLDED_SIAMESE = """\
%% siamese: functional, 2 layers, 26 params
flowchart TB
  n0(["<b>left</b> Input"]):::input
  n1(["<b>right</b> Input"]):::input
  n2[["<b>one</b> tower<br/>2 layers<br/>26 params"]]:::other
  n3[["<b>other</b> tower<br/>2 layers<br/>weights of one"]]:::other
  n4("<b>apart</b> Subtract"):::merge
  n5(["<b>apart</b> output"]):::output
  n0 -->|"(None, 3)"| n2
  n1 -->|"(None, 3)"| n3
  n2 -->|"→ #91;0#93;<br/>(None, 2)"| n4
  n3 -->|"→ #91;1#93;<br/>(None, 2)"| n4
  n4 -->|"(None, 2)"| n5
  classDef merge fill:#eadff9,stroke:#7c58b8,color:#1e293b
  classDef other fill:#f4f4f2,stroke:#85857e,color:#1e293b
  classDef input fill:#166534,stroke:#166534,color:#ffffff
  classDef output fill:#3730a3,stroke:#3730a3,color:#ffffff
  style n3 stroke-dasharray:5 3
"""


def test_branches() -> None:
    assert mermaid(branches()) == BRANCHES


def test_blocks_are_subgraphs() -> None:
    assert mermaid(blocks(1), Options(direction="right")) == BLOCKS


def test_folded_nested_model() -> None:
    assert mermaid(siamese(), Options(depth=0)) == FOLDED_SIAMESE


def test_ports() -> None:
    text = mermaid(translator())
    assert '  n4 -->|"state_h → initial_state#91;0#93;<br/>(None, 4)"| n5\n' in text
    assert '  n0 -->|"(None, None) int32"| n2\n' in text


def test_text_from_a_spec_is_escaped() -> None:
    graph = typed(NASTY, Item(NASTY, "Input", shape=[3]), Item("end", "Dense", NASTY, units=2))
    text = mermaid(graph)
    box = text.splitlines()[2]
    assert box.startswith('  n0(["<b>#60;b#62;#38;#34;#10741;N#10741;n#93;#93;#62;#96;#35;quot#59;--#62;#60;/scrip')
    assert box.endswith('</b> Input"]):::input')
    assert '  n1("<b>end</b> Dense' in text
    assert NASTY not in text
    assert "\x1b" not in text
