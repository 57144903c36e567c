// An unnamed level of HuggingFace's module tree ("attention", "output").
#pragma once

#include <torch/nn/module.h>

#include <memory>
#include <string>

namespace msdbench {

class ModuleLevel : public torch::nn::Module {
 public:
  using Module::register_module;

  std::shared_ptr<ModuleLevel> Below(const std::string& name) {
    return register_module(name, std::make_shared<ModuleLevel>());
  }
};

}  // namespace msdbench
