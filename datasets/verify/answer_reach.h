// Which labels of VQA any reference answer reaches: as a training target, that
// is spelt alike, or by the official accuracy, that is once both are processed.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace msdbench {

// The references of a split's questions, in every form that counts.
class AnswerReach {
 public:
  // The references of one question.
  void Add(const std::vector<std::string_view>& references);

  bool empty() const { return forms_.empty(); }
  // Some reference is spelt so, or: the official accuracy takes some question's
  // for it. Those of a question whose references agree are compared as they
  // are, but for the ends: only others are processed.
  bool Trains(const std::string& label) const;
  bool Scores(const std::string& label) const;
  // A reference that the vocabulary's rules would make this label of; empty
  // where there is none.
  std::string Like(const std::string& label) const;

 private:
  struct Forms {
    std::string stripped, processed;
  };
  const Forms& FormsOf(std::string_view reference);

  std::unordered_map<std::string, Forms> forms_;  // by reference
  std::unordered_set<std::string> agreed_;        // stripped, all alike
  std::unordered_set<std::string> processed_;     // of the other questions
  std::unordered_map<std::string, std::string> vocabulary_;
};

}  // namespace msdbench
