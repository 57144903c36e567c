#include "reports/digest.h"

#include <openssl/evp.h>

#include <array>
#include <vector>

#include "reports/error.h"
#include "reports/input_file.h"

namespace msdbench {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  // A wrong hash would be trusted: a library that refuses SHA-256 must stop us.
  if (EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) {
    throw RunError("SHA-256 is not available in this build of OpenSSL");
  }
}

Sha256::~Sha256() = default;

Sha256& Sha256::Update(const void* bytes, std::size_t size) {
  EVP_DigestUpdate(state_->context, bytes, size);
  return *this;
}

std::string Sha256::Hex() {
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(state_->context, digest.data(), nullptr);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * digest.size());
  for (unsigned char byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

std::string Sha256OfText(std::string_view text) {
  return Sha256().Update(text).Hex();
}

std::string Sha256OfFile(const std::filesystem::path& file) {
  InputFile in(file);
  Sha256 digest;
  std::vector<char> buffer(1 << 20);
  while (const std::size_t count = in.Read(buffer.data(), buffer.size())) {
    digest.Update(buffer.data(), count);
  }
  return digest.Hex();
}

}  // namespace msdbench
