"""Times the same model here and in PyTorch (eager), in interleaved rounds on the same threads, and prints the ratio.

    python3 Benchmarks/compare.py [ROUNDS]

Needs `torch` for Python. The model: a transformer encoder, 4 layers, width 256, 1024 between, 4 heads, dropout 0.1, on
60 frames of 136 features; a training step is batch 32 with gradient clipping, AdamW and averaged weights; sampling is
64 motions of 60 frames in 50 steps without guidance.
"""

import math
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
FEATURES, FRAMES, WIDTH, LAYERS, HIDDEN, HEADS, ACTIONS = 136, 60, 256, 4, 1024, 4, 2


def pytorch(kind, dtype, steps):
    import torch
    from torch import nn
    from torch.nn import functional

    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.all, self.out = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
            self.up, self.down = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, WIDTH)
            self.norm1, self.norm2, self.drop = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), nn.Dropout(0.1)

        def forward(self, x):
            b, n, d = x.shape
            q, k, v = self.all(x).view(b, n, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
            mixed = functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
            x = self.norm1(x + self.drop(self.out(mixed)))
            return self.norm2(x + self.drop(self.down(self.drop(functional.gelu(self.up(x))))))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.input, self.output = nn.Linear(FEATURES, WIDTH), nn.Linear(WIDTH, FEATURES)
            self.first, self.second = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
            self.actions = nn.Embedding(ACTIONS + 1, WIDTH)
            self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
            self.drop = nn.Dropout(0.1)
            self.register_buffer("positions", self.waves(torch.arange(FRAMES + 1)))

        @staticmethod
        def waves(t):
            angles = t[:, None] * torch.exp(-math.log(1e4) * torch.arange(WIDTH // 2) / (WIDTH // 2))
            return torch.cat([angles.cos(), angles.sin()], 1)

        def forward(self, x, t, action):
            told = self.second(functional.silu(self.first(self.waves(t)))) + self.actions(action)
            x = self.drop(torch.cat([told[:, None], self.input(x).float()], 1) + self.positions)
            for block in self.blocks:
                x = block(x)
            return self.output(x[:, 1:]).float()

    torch.manual_seed(0)
    model = Model()
    coarse = torch.autocast("cpu", torch.bfloat16, enabled=dtype == "bfloat16")
    alpha = torch.cos((torch.arange(1, 51) / 50 + 0.008) / 1.008 * math.pi / 2) ** 2
    alpha = alpha.clamp(min=1e-5)
    if kind == "sampling":
        model.eval()
        with torch.no_grad():
            for count in (2, 64):
                start = time.time()
                x = torch.randn(count, FRAMES, FEATURES)
                action = torch.zeros(count, dtype=torch.long)
                for t in reversed(range(50)):
                    with coarse:
                        clean = model(x, torch.full((count,), t * 20.0), action)
                    if t:
                        a, b = alpha[t], alpha[t - 1]
                        s = ((1 - b) / (1 - a) * (1 - a / b)).sqrt()
                        noise = (x - a.sqrt() * clean) / (1 - a).sqrt()
                        x = b.sqrt() * clean + (1 - b - s * s).clamp(min=0).sqrt() * noise + s * torch.randn_like(x)
        return time.time() - start
    data = torch.randn(64, FRAMES, FEATURES)
    average = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    times = []
    for _ in range(steps):
        start = time.time()
        clean = data[torch.randint(64, (32,))]
        t = torch.randint(50, (32,))
        a = alpha[t].view(-1, 1, 1)
        noisy = a.sqrt() * clean + (1 - a).sqrt() * torch.randn_like(clean)
        with coarse:
            found = model(noisy, t * 20.0, torch.randint(3, (32,)))
        loss = functional.mse_loss(found, clean)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        torch._foreach_lerp_(average, [p.detach() for p in model.parameters()], 0.001)
        loss.item()
        times.append((time.time() - start) * 1000)
    warm = sorted(times[3:])
    return warm[len(warm) // 2]


def main():
    environment = dict(os.environ, OMP_WAIT_POLICY="passive")
    environment.setdefault("OMP_NUM_THREADS", "2")
    if sys.argv[1:2] == ["--pytorch"]:
        print(pytorch(sys.argv[2], sys.argv[3], 13))
        return
    subprocess.run(["swift", "build", "-c", "release", "--package-path", HERE], check=True, stdout=sys.stderr)
    ours = [os.path.join(HERE, ".build", "release", "model-benchmark")]
    theirs = [sys.executable, os.path.abspath(__file__), "--pytorch"]
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{'':26}{'Surefoot':>10}{'PyTorch':>10}{'ratio':>8}   medians of {rounds} rounds")
    for kind, unit in (("training", "ms a step"), ("sampling", "s")):
        for dtype in ("float32", "bfloat16"):
            results = ([], [])
            for _ in range(rounds):
                for command, list_ in zip((ours, theirs), results):
                    arguments = [kind, dtype] + (["13"] if command is ours else [])
                    run = subprocess.run(command + arguments, env=environment, check=True, capture_output=True, text=True)
                    list_.append(float(run.stdout))
            a, b = (sorted(r)[len(r) // 2] for r in results)
            print(f"{kind + ' ' + dtype + ', ' + unit:26}{a:10.2f}{b:10.2f}{a / b:8.2f}", flush=True)


main()
