// A small reader of HTML and SVG that knows nothing of how ours is written.
#pragma once

#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace msdbench {

struct HtmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;  // as written, not unescaped
  std::string text;  // inside it, without the text of inner elements
};

struct HtmlDocument {
  std::vector<HtmlElement> elements;  // in order of their begin tags
  // "</b> closes <a>", "id x is given twice", ...; empty for a sound document.
  std::vector<std::string> problems;

  std::vector<const HtmlElement*> All(const std::string& name) const {
    std::vector<const HtmlElement*> found;
    for (const auto& element : elements) {
      if (element.name == name) found.push_back(&element);
    }
    return found;
  }
  std::set<std::string> Ids() const {
    std::set<std::string> ids;
    for (const auto& element : elements) {
      const auto id = element.attributes.find("id");
      if (id != element.attributes.end()) ids.insert(id->second);
    }
    return ids;
  }
};

inline HtmlDocument ReadHtml(const std::string& text) {
  HtmlDocument document;
  std::vector<std::size_t> open;
  const std::set<std::string> kVoid = {"meta", "link", "br"};
  const auto complain = [&](const std::string& what) {
    document.problems.push_back(what);
  };
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] != '<') {
      if (text[at] == '>') complain("a bare > in text");
      if (!open.empty()) document.elements[open.back()].text += text[at];
      ++at;
      continue;
    }
    if (text.compare(at, 9, "<!DOCTYPE") == 0) {
      at = text.find('>', at) + 1;
      continue;
    }
    const bool closes = at + 1 < text.size() && text[at + 1] == '/';
    at += closes ? 2 : 1;
    std::string name;
    while (at < text.size() &&
           std::isalnum(static_cast<unsigned char>(text[at])) != 0) {
      name += text[at++];
    }
    if (name.empty()) {
      complain("a bare < in text");
      continue;
    }
    HtmlElement element;
    element.name = name;
    bool empty = false;
    while (at < text.size() && text[at] != '>') {
      if (text[at] == ' ') {
        ++at;
      } else if (text[at] == '/') {
        empty = true;
        ++at;
      } else {
        std::string key;
        while (at < text.size() && text[at] != '=' && text[at] != '>' &&
               text[at] != ' ') {
          key += text[at++];
        }
        if (text.compare(at, 2, "=\"") != 0) {
          complain("attribute " + key + " of <" + name + "> without quotes");
          break;
        }
        const std::size_t end = text.find('"', at + 2);
        if (!element.attributes.emplace(key, text.substr(at + 2, end - at - 2))
                 .second) {
          complain("attribute " + key + " is given twice");
        }
        at = end + 1;
      }
    }
    ++at;
    if (closes) {
      if (open.empty() || document.elements[open.back()].name != name) {
        complain("</" + name + "> closes " +
                 (open.empty()
                      ? "nothing"
                      : "<" + document.elements[open.back()].name + ">"));
      }
      if (!open.empty()) open.pop_back();
      continue;
    }
    document.elements.push_back(element);
    if (name == "style") {
      const std::size_t end = text.find("</style>", at);
      document.elements.back().text = text.substr(at, end - at);
      at = end + 8;
      continue;
    }
    if (!empty && kVoid.count(name) == 0) {
      open.push_back(document.elements.size() - 1);
    }
  }
  for (std::size_t i : open) {
    complain("<" + document.elements[i].name + "> is not closed");
  }
  std::set<std::string> ids;
  for (const auto& element : document.elements) {
    const auto id = element.attributes.find("id");
    if (id != element.attributes.end() && !ids.insert(id->second).second) {
      complain("id " + id->second + " is given twice");
    }
  }
  for (const auto& element : document.elements) {
    for (const char* key : {"href", "src"}) {
      const auto target = element.attributes.find(key);
      if (target == element.attributes.end()) continue;
      if (target->second[0] == '#' &&
          ids.count(target->second.substr(1)) == 0) {
        complain("nothing has the id of " + target->second);
      }
      if (element.name != "a" && target->second.rfind("data:", 0) != 0) {
        complain("<" + element.name + "> loads " + target->second);
      }
    }
    for (const char* key : {"aria-labelledby", "aria-describedby"}) {
      const auto labels = element.attributes.find(key);
      if (labels == element.attributes.end()) continue;
      std::string id;
      for (char c : labels->second + " ") {
        if (c != ' ') {
          id += c;
          continue;
        }
        if (ids.count(id) == 0) complain("nothing has the id " + id);
        id.clear();
      }
    }
  }
  return document;
}

// Character references back to text.
inline std::string UnescapedHtml(std::string text) {
  const std::pair<const char*, const char*> kReferences[] = {{"&lt;", "<"},
                                                             {"&gt;", ">"},
                                                             {"&quot;", "\""},
                                                             {"&#39;", "'"},
                                                             {"&amp;", "&"}};
  for (const auto& [from, to] : kReferences) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;
         ++at) {
      text.replace(at, std::string(from).size(), to);
    }
  }
  return text;
}

}  // namespace msdbench
