#include <iostream>
#include <memory>

#include "benchmarks/cli/cli.h"
#include "benchmarks/doctor.h"

namespace msdbench {

void AddDoctorCommand(CLI::App& app, const Chosen& chosen) {
  struct Arguments {
    DoctorOptions options;
    std::string out = "runs";
    bool as_json = false;
  };
  CLI::App* command = app.add_subcommand(
      "doctor", "Measure this machine: what is slow, and how to mend it");
  auto arguments = std::make_shared<Arguments>();
  command->add_option("--out", arguments->out, "Where records would go")
      ->capture_default_str();
  command->add_flag("--json", arguments->as_json, "For machines");
  command->footer(
      "Exit code 1 when something is a problem.\n\n"
      "Example:\n  msdbench doctor");
  command->callback([=] {
    chosen([=] {
      arguments->options.out = arguments->out;
      return RunDoctor(arguments->options, arguments->as_json, std::cout);
    });
  });
}

}  // namespace msdbench
