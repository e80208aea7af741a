module gatehouse.dev/verify

go 1.19
