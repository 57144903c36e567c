#include "datasets/features/pickle.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <limits>
#include <string>
#include <string_view>

#include "reports/random.h"
#include "tests/datasets/tree.h"

namespace msdbench {
namespace {

using namespace std::string_view_literals;
using Kind = PickleValue::Kind;
using testing::HasSubstr;

// In Python's way of writing, calls as callee(arguments){items}.
std::string Shown(const PickleValue& value) {
  const auto list = [](const std::vector<const PickleValue*>& items) {
    std::string text;
    for (const PickleValue* item : items) {
      text += (text.empty() ? "" : ", ") + Shown(*item);
    }
    return text;
  };
  std::string entries;
  for (const auto& [key, item] : value.entries) {
    entries +=
        (entries.empty() ? "" : ", ") + Shown(*key) + ": " + Shown(*item);
  }
  switch (value.kind) {
    case Kind::kNone:
      return "None";
    case Kind::kBool:
      return value.integer != 0 ? "True" : "False";
    case Kind::kInteger:
      return std::to_string(value.integer);
    case Kind::kBigInteger:
      return fmt::format("big{}", value.text.size());
    case Kind::kFloat:
      return fmt::format("{}", value.number);
    case Kind::kText:
      return "'" + value.text + "'";
    case Kind::kBytes:
      return "b'" + value.text + "'";
    case Kind::kList:
      return "[" + list(value.items) + "]";
    case Kind::kTuple:
      return "(" + list(value.items) + ")";
    case Kind::kSet:
      return "{" + list(value.items) + "}";
    case Kind::kDict:
      return "{" + entries + "}";
    case Kind::kGlobal:
      return value.text;
    case Kind::kCall: {
      std::string text = value.items[0]->text + Shown(*value.items[1]);
      if (!entries.empty()) text += "{" + entries + "}";
      if (!value.appended.empty()) text += "[" + list(value.appended) + "]";
      if (value.state != nullptr) text += " state " + Shown(*value.state);
      return text;
    }
    case Kind::kPersistent:
      return "persistent " + Shown(*value.items[0]);
  }
  return "?";
}

std::string Read(std::string_view bytes) {
  const PickleDocument document(bytes, "test.pkl");
  EXPECT_EQ(document.size(), bytes.size());
  return Shown(document.root());
}

std::string ErrorIn(std::string_view bytes) {
  const std::string error =
      ErrorOf([&] { const PickleDocument unused(bytes, "test.pkl"); });
  EXPECT_THAT(error, testing::StartsWith("test.pkl: "));
  return error;
}

// pickle.dumps(thing, protocol) of Python 3.11 with
//   shared = [1]
//   thing = {"numbers": [0, -2, 300, 70000, -70000, 2**40, -2**63],
//            "truth": (None, True, False), "half": 0.5,
//            "t\u00e9xt\n\\\u20ac\U0001f600": "", "pair": (shared, shared)}
constexpr std::string_view kProtocol0 =
    "(dp0\012Vnumbers\012p1\012(lp2\012I0\012aI-2\012aI300\012aI70000\012a"
    "I-70000\012aL1099511627776L\012aL-9223372036854775808L\012asVtruth\012p3"
    "\012(NI01\012I00\012tp4\012sVhalf\012p5\012F0.5\012sVt\351xt\134u000a"
    "\134u005c\134u20ac\134U0001f600\012p6\012V\012p7\012sVpair\012p8\012((lp9"
    "\012I1\012ag9\012tp10\012s."sv;
constexpr std::string_view kProtocol2 =
    "\200\002}q\000(X\007\000\000\000numbersq\001]q\002(K\000J\376\377\377\377"
    "M,\001Jp\021\001\000J\220\356\376\377\212\006\000\000\000\000\000\001\212"
    "\010\000\000\000\000\000\000\000\200eX\005\000\000\000truthq\003N\210\211"
    "\207q\004X\004\000\000\000halfq\005G\077\340\000\000\000\000\000\000X\016"
    "\000\000\000t\303\251xt\012\134\342\202\254\360\237\230\200q\006X\000\000"
    "\000\000q\007X\004\000\000\000pairq\010]q\011K\001ah\011\206q\012u."sv;
constexpr std::string_view kProtocol4 =
    "\200\004\225z\000\000\000\000\000\000\000}\224(\214\007numbers\224]\224("
    "K\000J\376\377\377\377M,\001Jp\021\001\000J\220\356\376\377\212\006\000"
    "\000\000\000\000\001\212\010\000\000\000\000\000\000\000\200e\214\005truth"
    "\224N\210\211\207\224\214\004half\224G\077\340\000\000\000\000\000\000"
    "\214\016t\303\251xt\012\134\342\202\254\360\237\230\200\224\214\000\224"
    "\214\004pair\224]\224K\001ah\011\206\224u."sv;
constexpr std::string_view kProtocols[] = {kProtocol0, kProtocol2, kProtocol4};

TEST(Pickle, ReadsEveryProtocolAlike) {
  for (std::string_view bytes : kProtocols) {
    EXPECT_EQ(Read(bytes),
              "{'numbers': [0, -2, 300, 70000, -70000, 1099511627776, "
              "-9223372036854775808], 'truth': (None, True, False), "
              "'half': 0.5, 't\303\251xt\n\\\342\202\254\360\237\230\200': '', "
              "'pair': ([1], [1])}");
    const PickleDocument document(bytes, "test.pkl");
    const PickleValue& pair = *document.root().entries.back().second;
    EXPECT_EQ(pair.items[0], pair.items[1]) << "shared, not copied";
  }
}

TEST(Pickle, ReadsWhatIsLongOrRaw) {
  // [b"\0\xff", 2**70, -2**64, inf], protocol 4.
  const PickleDocument document(
      "\200\004\225)\000\000\000\000\000\000\000]\224(C\002\000\377\224\212\011"
      "\000\000\000\000\000\000\000\000@\212\011\000\000\000\000\000\000\000"
      "\000\377G\177\360\000\000\000\000\000\000e."sv,
      "test.pkl");
  const auto& items = document.root().items;
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[0]->kind, Kind::kBytes);
  EXPECT_EQ(items[0]->text, "\000\377"sv);
  EXPECT_EQ(items[1]->kind, Kind::kBigInteger);
  EXPECT_EQ(items[1]->text, "\0\0\0\0\0\0\0\0@"sv);
  EXPECT_EQ(items[2]->text, "\0\0\0\0\0\0\0\0\377"sv);
  EXPECT_EQ(items[3]->number, std::numeric_limits<double>::infinity());
  // {7}, bytearray(b"ab") and [-1.25e-300, inf].
  EXPECT_EQ(Read("\200\004\225\007\000\000\000\000\000\000\000\217\224(K\007"
                 "\220."sv),
            "{7}");
  EXPECT_EQ(Read("\200\005\225\015\000\000\000\000\000\000\000\226\002\000\000"
                 "\000\000\000\000\000ab\224."sv),
            "b'ab'");
  EXPECT_EQ(Read("(lp0\012F-1.25e-300\012aFinf\012a."), "[-1.25e-300, inf]");
  // An empty LONG1 is 0, one of eight bytes is still a plain integer.
  EXPECT_EQ(Read("\212\000."sv), "0");
  EXPECT_EQ(Read("\212\001\377."sv), "-1");
  EXPECT_EQ(Read("\212\010\377\377\377\377\377\377\377\177."sv),
            "9223372036854775807");
}

TEST(Pickle, AListMayHoldItself) {
  for (std::string_view bytes :
       {"(lp0\012g0\012a."sv, "\200\002]q\000h\000a."sv,
        "\200\004\225\006\000\000\000\000\000\000\000]\224h\000a."sv}) {
    const PickleDocument document(bytes, "test.pkl");
    ASSERT_EQ(document.root().items.size(), 1U);
    EXPECT_EQ(document.root().items[0], &document.root());
  }
}

TEST(Pickle, CallsStayDescriptions) {
  // class Evil: __reduce__ = lambda self: (os.system, ("touch ...",))
  const std::string mark = "msdbench-pickle-ran";
  for (std::string_view bytes :
       {"cposix\012system\012p0\012(Vtouch msdbench-pickle-ran\012p1\012tp2"
        "\012Rp3\012."sv,
        "\200\002cposix\012system\012q\000X\031\000\000\000touch "
        "msdbench-pickle-ranq\001\205q\002Rq\003."sv,
        "\200\004\2254\000\000\000\000\000\000\000\214\005posix\224\214\006"
        "system\224\223\224\214\031touch msdbench-pickle-ran\224\205\224R"
        "\224."sv}) {
    const PickleDocument document(bytes, "test.pkl");
    EXPECT_EQ(document.root().kind, Kind::kCall);
    EXPECT_TRUE(document.root().Calls("posix.system"));
    EXPECT_EQ(Shown(document.root()),
              "posix.system('touch msdbench-pickle-ran')");
  }
  EXPECT_FALSE(std::filesystem::exists(mark));
}

TEST(Pickle, ItemsAndStateStayWithTheirCall) {
  // OrderedDict(a=1, b=2); SimpleNamespace(a=1), whose state is a dict.
  for (std::string_view bytes :
       {"ccollections\012OrderedDict\012p0\012(tRp1\012Va\012p2\012I1\012sVb"
        "\012p3\012I2\012s."sv,
        "\200\002ccollections\012OrderedDict\012q\000)Rq\001(X\001\000\000\000"
        "aq\002K\001X\001\000\000\000bq\003K\002u."sv}) {
    EXPECT_EQ(Read(bytes), "collections.OrderedDict(){'a': 1, 'b': 2}");
  }
  EXPECT_EQ(Read("\200\002ctypes\012SimpleNamespace\012q\000)Rq\001}q\002X\001"
                 "\000\000\000aq\003K\001sb."sv),
            "types.SimpleNamespace() state {'a': 1}");
  EXPECT_EQ(Read("ca\012b\012)RI1\012a(I2\012I3\012e."), "a.b()[1, 2, 3]");
  EXPECT_EQ(Read("I5\012Q."), "persistent 5");
}

TEST(Pickle, StopsAtStop) {
  const PickleDocument document("I1\012.I2\012.", "test.pkl");
  EXPECT_EQ(document.root().integer, 1);
  EXPECT_EQ(document.size(), 4U);
}

TEST(Pickle, TheMemoHoldsMoreThan256) {
  // 300 integers kept in LONG_BINPUT, the last and the 257th recalled.
  std::string bytes = "(";
  for (int i = 0; i < 300; ++i) {
    bytes += fmt::format("I{}\nr", i);
    bytes += {static_cast<char>(i % 256), static_cast<char>(i / 256), 0, 0};
    bytes += "0";
  }
  bytes += "j\053\001\000\000h\007j\000\001\000\000t."sv;
  EXPECT_EQ(Read(bytes), "(299, 7, 256)");
}

TEST(Pickle, EveryCutIsAnError) {
  for (std::string_view bytes : kProtocols) {
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(ErrorIn(bytes.substr(0, size)), HasSubstr("cut short"))
          << size;
    }
  }
}

TEST(Pickle, UnknownOpcodesAreNamedWithTheirPlace) {
  EXPECT_THAT(ErrorIn("N\377."), HasSubstr("opcode 0xff is not supported at "
                                           "byte 1"));
  // EXT1, INST, OBJ, PERSID, and Python 2's STRING.
  for (std::string_view bytes :
       {"\202\001."sv, "(ios\012system\012."sv, "(cos\012system\012o."sv,
        "P1\012."sv, "S'a'\012."sv}) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("is not supported"));
  }
  EXPECT_THAT(ErrorIn("\200\006N."), HasSubstr("protocol above 5"));
}

TEST(Pickle, StacksThatRunEmptyAreErrors) {
  // STOP, POP, DUP, TUPLE1-3, APPEND, SETITEM, REDUCE, BUILD, MEMOIZE, PUT,
  // BINPERSID and STACK_GLOBAL without what they need; and across a mark.
  for (std::string_view bytes :
       {"."sv,       "0."sv,     "2."sv,   "\205."sv, "N\206."sv,
        "NN\207."sv, "a."sv,     "Na."sv,  "s."sv,    "NNs."sv,
        "R."sv,      "NR."sv,    "b."sv,   "Nb."sv,   "\224."sv,
        "p0\012."sv, "q\000."sv, "Q."sv,   "\223."sv, "N(."sv,
        "N(0."sv,    "](Na."sv,  "N(e."sv, "(e."sv,   "}N(\206."sv}) {
    EXPECT_THAT(ErrorIn(bytes),
                testing::AnyOf(HasSubstr("its stack runs empty"),
                               HasSubstr("appends to no list")))
        << bytes;
  }
}

TEST(Pickle, MissingMarksAreErrors) {
  for (std::string_view bytes : {"t."sv, "l."sv, "d."sv, "]e."sv, "}u."sv,
                                 "1."sv, "\217\220."sv, "(tt."sv}) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("a mark is missing")) << bytes;
  }
}

TEST(Pickle, WhatWasNeverKeptCannotBeRecalled) {
  for (std::string_view bytes :
       {"g0\012."sv, "h\000."sv, "j\000\000\000\000."sv, "Np1\012g0\012."sv}) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("never kept")) << bytes;
  }
}

TEST(Pickle, WrongTypesAreErrors) {
  EXPECT_THAT(ErrorIn("NNa."), HasSubstr("appends to no list"));
  EXPECT_THAT(ErrorIn("]NNs."), HasSubstr("items of no dictionary"));
  EXPECT_THAT(ErrorIn("}(Nu."), HasSubstr("a key has no value"));
  EXPECT_THAT(ErrorIn("(Nd."), HasSubstr("a key has no value"));
  EXPECT_THAT(ErrorIn("N)R."), HasSubstr("calls no function"));
  EXPECT_THAT(ErrorIn("NN\223."), HasSubstr("a name is no text"));
  for (const char* bytes :
       {"I\012.", "I1x\012.", "I 1\012.", "L\012.", "L1LL\012.",
        "I99999999999999999999\012.", "pX\012."}) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("an integer cannot be read"))
        << bytes;
  }
  for (const char* bytes : {"F\012.", "F1.5x\012.", "F1,5\012."}) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("a number cannot be read")) << bytes;
  }
  for (const char* bytes :
       {"V\\u12\012.", "V\\u\012.", "V\\u12g4\012.", "V\\U00110000\012.",
        "V\\ud800\012.", "V\\U1234\012."}) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("an escape cannot be read")) << bytes;
  }
  EXPECT_EQ(Read("V\\x\\\012."), "'\\x\\'") << "other backslashes are plain";
}

// No memory is taken for what is not there.
TEST(Pickle, HugeLengthsAreCutShort) {
  const std::string most(8, '\377'), half = "\377\377\377\177";
  for (const std::string& bytes : {
           "\213" + half + "x.",               // LONG4
           "\213" + most.substr(4) + "x.",     //
           "X" + most.substr(4) + "x.",        // BINUNICODE
           "T" + most.substr(4) + "x.",        // BINSTRING
           "B" + half + "x.",                  // BINBYTES
           "\215" + most + "x.",               // BINUNICODE8
           "\216" + most + "x.",               // BINBYTES8
           "\226" + most + "x.",               // BYTEARRAY8
           "\216" + most.substr(1) + "\177x."  //
       }) {
    EXPECT_THAT(ErrorIn(bytes), HasSubstr("cut short"));
  }
  // A frame's length is a hint only.
  EXPECT_EQ(Read("\200\004\225" + most + "N."), "None");
}

TEST(Pickle, DeepNestingNeitherReadsNorFreesByRecursion) {
  constexpr std::size_t kDepth = 100000;
  const auto depth = [](const PickleDocument& document) {
    std::size_t levels = 0;
    for (const PickleValue* value = &document.root(); !value->items.empty();
         value = value->items[0]) {
      ++levels;
    }
    return levels;
  };
  EXPECT_EQ(depth(PickleDocument(")" + std::string(kDepth, '\205') + ".", "a")),
            kDepth);
  // The same by marks: the innermost is the empty tuple.
  EXPECT_EQ(depth(PickleDocument(std::string(kDepth + 1, '(') +
                                     std::string(kDepth + 1, 't') + ".",
                                 "a")),
            kDepth);
  EXPECT_EQ(
      depth(PickleDocument(
          std::string(kDepth + 1, ']') + std::string(kDepth, 'a') + ".", "a")),
      kDepth);
}

TEST(Pickle, ChangedBytesAreReadOrRefused) {
  Random random(6, "pickle");
  int read = 0, refused = 0;
  for (int i = 0; i < 6000; ++i) {
    std::string bytes(kProtocols[i % 3]);
    for (int k = 0; k <= i % 4; ++k) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    try {
      const PickleDocument document(bytes, "test.pkl");
      EXPECT_LE(document.size(), bytes.size());
      EXPECT_LE(document.values().size(), bytes.size());
      ++read;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kData);
      ++refused;
    }
  }
  EXPECT_GT(read, 0);
  EXPECT_GT(refused, 0);
}

// Two short calls for a remembered text must not make a long one each time.
TEST(Pickle, NamesOfAnyLengthAreRefused) {
  const std::string text(600, 'a');
  std::string bytes = "\x80\x04";
  bytes += "X";
  bytes += std::string("\x58\x02\x00\x00", 4) + text + "\x94";
  bytes += "h";
  bytes += '\0';
  bytes += "\x93.";
  EXPECT_THAT(ErrorOf([&] { PickleDocument document(bytes, "x"); }),
              HasSubstr("a name is too long"));
}

}  // namespace
}  // namespace msdbench
